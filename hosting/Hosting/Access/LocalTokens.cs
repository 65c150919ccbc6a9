namespace MonoRepo.Hosting;

/// <summary>
/// The tokens of a run on this machine: in a folder that only the user can read, named after the process, so that a later run
/// removes what a killed one left.
/// </summary>
internal sealed class LocalTokens(string appHost, TimeProvider clock) : IDisposable
{
    private const string Prefix = "monorepo-access-";
    private const string AppHostFile = "apphost";
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly TokenIssuer _issuer = new();
    private readonly HashSet<(string Caller, string Service)> _edges = [];
    private readonly Lock _gate = new();
    private string? _folder;
    private bool _isDisposed;

    private string Folder => _folder ??= Directory.CreateTempSubdirectory(ProcessFolders.Name(Prefix)).FullName;

    private string KeyFile => Path.Combine(Folder, "keys.json");

    /// <summary>Where a caller's tokens are, each in a file named after the service that it is for.</summary>
    public string FolderOf(string caller) => Path.Combine(Folder, "tokens", caller.ToLowerInvariant());

    public string Create(string caller, string service) =>
        _issuer.Create(caller.ToLowerInvariant(), service.ToLowerInvariant(), clock.GetUtcNow(), s_lifetime);

    public void AddCaller(string caller, string service) => _edges.Add((caller, service.ToLowerInvariant()));

    public IEnumerable<(string Name, string Value)> SettingsOf(string service) =>
    [
        (AccessVariables.Audience, service.ToLowerInvariant()),
        (AccessVariables.Namespace, _issuer.Namespace),
        (AccessVariables.Issuer, _issuer.Issuer),
        (AccessVariables.KeyFile, KeyFile),
        (AccessVariables.Caller(AccessVariables.Developer), "*"),
    ];

    /// <summary>Writes new tokens over the last ones.</summary>
    public void Write()
    {
        lock (_gate)
        {
            if (_isDisposed || _edges.Count == 0)
            {
                return;
            }

            if (_folder is null)
            {
                ProcessFolders.RemoveOrphans(Prefix);
                PrivateFile.Write(Path.Combine(Folder, AppHostFile), appHost);
                PrivateFile.Write(KeyFile, _issuer.Keys);
            }

            foreach (var (caller, service) in _edges)
            {
                Directory.CreateDirectory(FolderOf(caller));
                PrivateFile.Write(Path.Combine(FolderOf(caller), service), Create(caller, service));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _issuer.Dispose();
            if (_folder is not null)
            {
                ProcessFolders.Remove(_folder);
            }
        }
    }

    /// <summary>
    /// The folder of the developer's tokens of the latest run of an AppHost that is still there; null: there is none.
    /// </summary>
    public static string? FindDeveloperFolder(string appHost) => ProcessFolders.OfRunningProcesses(Prefix)
        .Where(folder => Path.Combine(folder, AppHostFile) is var file && File.Exists(file) && File.ReadAllText(file) == appHost)
        .OrderByDescending(Directory.GetCreationTimeUtc)
        .Select(folder => Path.Combine(folder, "tokens", AccessVariables.Developer))
        .FirstOrDefault(Directory.Exists);
}

/// <summary>Renews the tokens long before they expire; each minute, because a machine that slept has no hour left.</summary>
internal sealed class LocalTokenRenewal(LocalTokens tokens, TimeProvider clock) : IRunTask
{
    public async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            tokens.Write();
        }
    }
}
