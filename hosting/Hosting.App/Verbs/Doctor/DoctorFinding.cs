namespace MonoRepo.Hosting.App.Verbs;

/// <summary>How much a finding matters.</summary>
internal enum DoctorVerdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something that only some uses need is missing.</summary>
    Optional,

    /// <summary>The graph can't be run.</summary>
    Failed,
}

/// <summary>What one check of <c>doctor</c> found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict">How much it matters.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
internal sealed record DoctorFinding(string Check, DoctorVerdict Verdict, string Detail, string? Advice = null);
