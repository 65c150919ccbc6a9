namespace MonoRepo.Todo.Client;

/// <summary>A value on the command line is wrong; the message says which and what would be right.</summary>
public sealed class UsageException(string message) : Exception(message);
