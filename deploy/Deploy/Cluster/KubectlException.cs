namespace MonoRepo.Deploy.Cluster;

/// <summary>kubectl could not do what it was told. The message says what, where, and how to mend it, a line for every fault.</summary>
public sealed class KubectlException(IReadOnlyList<KubectlError> errors)
    : DeployException(string.Join('\n', errors.Select(e => e.Message).Distinct()))
{
    /// <summary>One fault.</summary>
    public KubectlException(KubectlFault fault, string message)
        : this([new(fault, message)])
    {
    }

    /// <summary>All faults of the call.</summary>
    public IReadOnlyList<KubectlError> Errors { get; } = errors;

    /// <summary>The first fault.</summary>
    public KubectlFault Fault => Errors[0].Fault;
}

/// <summary>One fault of a call.</summary>
/// <param name="Fault">What kind of.</param>
/// <param name="Message">One line.</param>
public sealed record KubectlError(KubectlFault Fault, string Message);
