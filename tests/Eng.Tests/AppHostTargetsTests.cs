using MonoRepo.Acquire;

namespace MonoRepo.Tests;

/// <summary>Builds a small AppHost outside the repository with the repository's targets.</summary>
public sealed class AppHostTargetsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("monorepo-apphost-").FullName;

    public AppHostTargetsTests()
    {
        Write("Directory.Build.props", """
            <Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
            """);
        Write("Directory.Build.targets", $"""
            <Project>
              <Import Project="{Repository.PathOf("eng", "AspireBundle.props")}" />
              <Import Project="{Repository.PathOf("eng", "ProjectResource.targets")}" />
              <Import Project="{Repository.PathOf("eng", "AppHost.targets")}" Condition="'$(IsAspireHost)' == 'true'" />
            </Project>
            """);
        Write("Host/Host.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><IsAspireHost>true</IsAspireHost></PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../2nd.my-service.v3/2nd.my-service.3.csproj" />
                <ProjectReference Include="../Named/Named.csproj" AspireProjectMetadataTypeName="Other-Name" />
                <ProjectReference Include="../Code/Code.csproj" />
                <ProjectReference Include="../Library/Library.csproj" IsAspireProjectResource="false" />
              </ItemGroup>
            </Project>
            """);
        Write("Host/Program.cs", """
            using System.Reflection;
            foreach (var metadata in Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>())
            {
                Console.WriteLine($"{metadata.Key}={metadata.Value}");
            }
            Console.WriteLine(new Projects._2nd_my_service__3().ProjectPath + new Projects.Other_Name().SuppressBuild + Library.Answer);
            namespace Aspire.Hosting { public interface IProjectMetadata { string ProjectPath { get; } bool SuppressBuild => false; } }
            namespace Aspire.Hosting.ApplicationModel { class Unused; }
            namespace MonoRepo.Hosting { class Unused; }
            """);
        Write("2nd.my-service.v3/2nd.my-service.3.csproj", Project("Exe"));
        Write("2nd.my-service.v3/Program.cs", "return;");
        Write("Named/Named.csproj", Project("Exe"));
        Write("Named/Program.cs", "return;");
        Write("Code/Code.csproj", Project("Library"));
        Write("Library/Library.csproj", Project("Library"));
        Write("Library/Library.cs", "public static class Library { public const int Answer = 42; }");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task AnAppHostKnowsItsProjectsAndTools()
    {
        var build = await RunAsync(Sandbox.Dotnet, "build", "Host", "--nologo", "-nodeReuse:false", "-maxCpuCount:2");

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Contains($"warning ASPIRE004: The AppHost references '{PathOf("Code/Code.csproj")}'", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Library/Library.csproj' as something to run", build.Output, StringComparison.Ordinal);

        var run = await RunAsync(PathOf("Host/bin/Debug/net10.0/Host"));
        var lines = run.Output.Split('\n');
        var service = PathOf("2nd.my-service.v3/2nd.my-service.3.csproj");
        Assert.Contains($"{service}True42", lines);
        Assert.Contains($"apphostprojectpath={PathOf("Host")}", lines);
        Assert.Contains("apphostprojectname=Host.csproj", lines);
        Assert.Contains(lines, line => line.StartsWith("dcpclipath=", StringComparison.Ordinal) && line.EndsWith("/dcp/dcp", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("aspiredashboardpath=", StringComparison.Ordinal) && line.EndsWith("/managed/aspire-managed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("garnetserverpath=", StringComparison.Ordinal) && File.Exists(line["garnetserverpath=".Length..]));
        Assert.Contains($"projectexecutable:{service}={PathOf("2nd.my-service.v3/bin/Debug/net10.0/2nd.my-service.3")}", lines);
        Assert.False(File.Exists(PathOf("Host/bin/Debug/net10.0/Named.dll")), "A resource is built, not referenced.");
    }

    private static string Project(string outputType) =>
        $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>{outputType}</OutputType></PropertyGroup></Project>""";

    private string PathOf(string path) => Path.Combine(root, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), content);
    }

    private Task<ToolResult> RunAsync(string tool, params string[] arguments) => Tool.RunAsync(
        tool, arguments, root, new() { ["MSBUILDTERMINALLOGGER"] = "off", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" }, TestContext.Current.CancellationToken);
}
