"""What happened: edits of people and changes of campaigns."""
