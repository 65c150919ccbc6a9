namespace MonoRepo.Acquire;

/// <summary>A package that exists only as an assembly inside the bundle: what its official nuspec says, as far as we need it.</summary>
/// <param name="Id">Package and assembly name.</param>
/// <param name="Framework">The lib folder: the framework that the bundled assembly was built for.</param>
/// <param name="License">SPDX expression of the official package.</param>
/// <param name="Dependencies">Ids; a version where it is not one of these packages.</param>
/// <param name="FrameworkReference">A shared framework that callers need.</param>
public sealed record BundledPackage(
    string Id, string Framework, string License, (string Id, string? Version)[] Dependencies, string? FrameworkReference = null)
{
    private const string Apache = "Apache-2.0";

    /// <summary>
    /// All that we know how to pack. A client that is no ASP.NET Core application needs the Microsoft.Extensions packages: without
    /// them it fails to compile (CS0012).
    /// </summary>
    public static IReadOnlyList<BundledPackage> All { get; } =
    [
        new("Google.Protobuf", "net5.0", "BSD-3-Clause", []),
        new("Grpc.Core.Api", "netstandard2.1", Apache, []),
        new("Grpc.Net.Common", "net10.0", Apache, [("Grpc.Core.Api", null)]),
        new("Grpc.Net.Client", "net10.0", Apache, [("Grpc.Net.Common", null), ("Microsoft.Extensions.Logging.Abstractions", "10.0.0")]),
        new("Grpc.Net.ClientFactory", "net10.0", Apache, [("Grpc.Net.Client", null), ("Microsoft.Extensions.Http", "10.0.14")]),
        new("Grpc.AspNetCore.Server", "net10.0", Apache, [("Grpc.Net.Common", null)], "Microsoft.AspNetCore.App"),
        new("Grpc.AspNetCore.Server.ClientFactory", "net10.0", Apache,
            [("Grpc.AspNetCore.Server", null), ("Grpc.Net.ClientFactory", null)], "Microsoft.AspNetCore.App"),
        new("OpenTelemetry.Extensions.Hosting", "net10.0", Apache,
            [("Microsoft.Extensions.Hosting.Abstractions", "10.0.0"), ("OpenTelemetry", "1.15.3")]),
    ];
}
