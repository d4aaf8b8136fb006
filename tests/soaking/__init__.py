"""What `./run soak` does: a real server under load, a crowd at its door, and kill -9 again and again."""
