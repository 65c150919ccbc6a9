namespace MonoRepo.Tests;

/// <summary>A project whose image tests/DeployedAppHost deploys as <c>changing</c>; it is gone after the test.</summary>
internal sealed class ChangingProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ChangingProject(string sdk = "Microsoft.NET.Sdk") => _path = _folder.Write(
        "Changing.csproj",
        $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
        </Project>
        """);

    /// <summary>What makes the graph that of this project alone.</summary>
    public string[] Arguments => ["--Test:Services=", "--Test:Project", _path];

    /// <summary>Replaces the program.</summary>
    public void Write(string program) => _folder.Write("Program.cs", program);

    public void Dispose() => _folder.Dispose();
}
