namespace Aspire.Hosting;

/// <summary>A fault that the user can mend; its message says what, where and how.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>A fault without a message.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>A fault.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with its cause.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
