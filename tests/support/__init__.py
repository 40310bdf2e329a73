"""What tests share: papers, models, servers and applications that do as a test says."""
