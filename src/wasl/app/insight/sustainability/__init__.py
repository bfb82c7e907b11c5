"""What an invoice without paper spared: an estimate with its range, its factors and its sources, and what printing takes back."""
