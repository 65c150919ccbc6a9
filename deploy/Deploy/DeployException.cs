namespace MonoRepo.Deploy;

/// <summary>Something that the user can fix; its message is all that is shown, without a stack trace.</summary>
internal class DeployException : Exception
{
    /// <summary>Creates one with the lines to show.</summary>
    public DeployException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with the lines to show and its cause.</summary>
    public DeployException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Somebody named something that isn't there: the command line is wrong.</summary>
internal sealed class UnknownNameException(string message) : DeployException(message);
