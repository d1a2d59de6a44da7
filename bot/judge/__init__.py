"""What a trained model is worth: every question asked, counted, written down."""
