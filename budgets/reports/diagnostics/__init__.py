"""Is the installation sound, do the tasks run, do the books agree?"""
