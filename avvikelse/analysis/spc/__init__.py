"""Statistical process control: is this month unlike the others, or is it the usual variation?

Open `individuals.py` for the chart that the month uses (XmR), `attributes.py` for charts of counts and shares,
`runs.py` for run charts, `advice.py` for which of them a series may have. All are pure functions of plain numbers.
"""
