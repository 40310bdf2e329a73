"""llama.cpp in this process, by llama-cpp-python's low-level interface: the only modules that know it.

The low-level interface and not the class ``Llama`` (0.3.36), because that one redirects the whole process' stdout and
stderr while it loads, fails on tokens longer than 32 bytes, and cannot be stopped while it reads a prompt.
Everything here blocks and belongs to one thread.
"""
