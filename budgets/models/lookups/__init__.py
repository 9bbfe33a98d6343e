"""What questions to rows can ask beyond Django's own: names read leniently, ids beyond any row."""
