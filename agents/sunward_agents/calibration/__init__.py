"""Does a scenario leave room to learn, and can that room be reached?"""
