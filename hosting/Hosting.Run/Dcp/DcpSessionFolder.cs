using Aspire.Hosting;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>The folder of one run, below the system's temporary folder, readable by its user alone. DCP deletes it when it ends.</summary>
internal sealed record DcpSessionFolder(string Path)
{
    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");

    public string CertificateFile => System.IO.Path.Combine(Path, "server.pem");

    public string KeyFile => System.IO.Path.Combine(Path, "server.key");

    public static DcpSessionFolder Create()
    {
        try
        {
            return new DcpSessionFolder(Directory.CreateTempSubdirectory("aspire-dcp").FullName);
        }
        catch (IOException e)
        {
            throw CannotWrite(System.IO.Path.GetTempPath(), e);
        }
    }

    /// <summary>The error for a full or read-only disk.</summary>
    public static DistributedApplicationException CannotWrite(string path, Exception cause) => new(
        $"Can't write the session folder {path}: {cause.Message.TrimEnd('.')}. Free space there, or set TMPDIR to another folder.", cause);

    /// <summary>Deletes what DCP may have left; by then nothing uses it.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Gone already, or DCP is about to delete it.
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
