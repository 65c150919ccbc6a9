namespace MonoRepo.Acquire;

/// <summary>Where things are and where they go. All paths are absolute.</summary>
public sealed record AcquireOptions
{
    /// <summary>The folder with package.json, package-lock.json and .npmrc.</summary>
    public required string EngDirectory { get; init; }

    /// <summary>Directory.Packages.props, which names the packages to pack and their versions.</summary>
    public required string PackageVersionsFile { get; init; }

    /// <summary>The user's cache, shared by all clones: one folder per bundle version.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>The local NuGet feed to fill; null where the user's registry has the packages and only the bundle is wanted.</summary>
    public string? FeedDirectory { get; init; }

    /// <summary>Takes the line of a failed run, for the build to show; null for standard error.</summary>
    public string? FaultFile { get; init; }

    /// <summary>Bytes that must be free before a download starts; running out half-way costs minutes.</summary>
    public long RequiredFreeBytes { get; init; } = 800L * 1024 * 1024;

    /// <summary>Reads <c>--eng</c>, <c>--versions</c>, <c>--cache</c> and, optionally, <c>--feed</c> and <c>--fault</c>.</summary>
    /// <exception cref="ArgumentException">An option is missing or unknown.</exception>
    public static AcquireOptions Parse(string[] args)
    {
        var values = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? Path.GetFullPath(pair[1]) : "");
        string? TakeOptional(string name) => values.Remove(name, out var value) && value != "" ? value : null;
        string Take(string name) => TakeOptional(name) ?? throw new ArgumentException($"{name} <path> is required");

        var options = new AcquireOptions
        {
            EngDirectory = Take("--eng"),
            PackageVersionsFile = Take("--versions"),
            CacheDirectory = Take("--cache"),
            FeedDirectory = TakeOptional("--feed"),
            FaultFile = TakeOptional("--fault"),
        };
        return values.Count == 0 ? options : throw new ArgumentException($"unknown option {values.Keys.First()}");
    }
}
