"""The one place that touches Streamlit: session state, widgets, caches, the trainer's handle."""
