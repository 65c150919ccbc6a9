namespace MonoRepo.Tests;

/// <summary>A kubeconfig of a user without rights; its file goes with it.</summary>
internal sealed class NobodyConfig : IDisposable
{
    /// <summary>User and context.</summary>
    public const string User = "nobody";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monorepo-e2e-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "config");

    public void Dispose() => _folder.Delete(recursive: true);
}
