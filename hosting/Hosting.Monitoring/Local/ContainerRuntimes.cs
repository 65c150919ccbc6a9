using System.Net.Sockets;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>Container runtimes of this machine.</summary>
internal static class ContainerRuntimes
{
    private const string DockerSocket = "/var/run/docker.sock";

    /// <summary>
    /// Whether a runtime can start something: docker's command may be there while its daemon is stopped; podman has none.
    /// </summary>
    public static bool IsUp(string runtime) => runtime != "docker" || IsElsewhere() || Answers(DockerSocket);

    // Then only docker itself knows where its daemon is. https://docs.docker.com/reference/cli/docker/#environment-variables
    private static bool IsElsewhere() =>
        new[] { "DOCKER_HOST", "DOCKER_CONTEXT" }.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 })
        || HasContext();

    private static bool HasContext()
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } stated
            ? stated
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        try
        {
            return File.ReadAllText(Path.Combine(folder, "config.json")).Contains("\"currentContext\"", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Answers(string socket)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
