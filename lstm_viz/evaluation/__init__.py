"""How good an answer is: forecasts against simple rules, classes against the truth.

Arrays in, numbers and sentences out. Nothing here knows torch or streamlit, and scikit-learn is
loaded by the first call that needs it.
"""
