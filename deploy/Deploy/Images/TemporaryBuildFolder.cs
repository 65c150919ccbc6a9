namespace MonoRepo.Deploy.Images;

/// <summary>What MSBuild is told and what it says, for as long as it runs.</summary>
internal sealed class TemporaryBuildFolder : IDisposable
{
    private readonly string _path;

    public TemporaryBuildFolder(ImagePaths paths)
    {
        _path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(paths.StateFile)!, $"images-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_path);
    }

    public string List => System.IO.Path.Combine(_path, "images.props");

    /// <summary>What projects are made of.</summary>
    public string Result => System.IO.Path.Combine(_path, "inputs.txt");

    public string Digest(string image) => System.IO.Path.Combine(_path, image + ".digest");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
