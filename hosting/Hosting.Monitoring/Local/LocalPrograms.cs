namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>How the programs that monitor are run on this machine.</summary>
internal enum LocalPrograms
{
    /// <summary>Native programs where they are on the PATH, else containers where there is a runtime, else not at all.</summary>
    Auto,

    /// <summary>Native programs only.</summary>
    Native,

    /// <summary>Containers only.</summary>
    Container,

    /// <summary>Not at all.</summary>
    Off,
}
