namespace MonoRepo.Hosting;

/// <summary>The name of a resource breaks a rule; the message says which.</summary>
public sealed class InvalidResourceNameException : ArgumentException
{
    /// <summary>A broken rule.</summary>
    public InvalidResourceNameException(string message)
        : base(message)
    {
    }
}
