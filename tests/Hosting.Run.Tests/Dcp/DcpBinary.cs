using System.Reflection;
using MonoRepo.Hosting.Run.Dcp;

namespace MonoRepo.Tests.Dcp;

/// <summary>The dcp executable that the build fetched.</summary>
internal static class DcpBinary
{
    public static string Path { get; } = typeof(DcpBinary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "dcpclipath").Value!;

    public static DcpOptions Options { get; } = new() { CliPath = Path };
}
