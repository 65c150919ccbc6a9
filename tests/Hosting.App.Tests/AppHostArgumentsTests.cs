using MonoRepo.Hosting.App;

namespace MonoRepo.Tests;

public sealed class AppHostArgumentsTests
{
    private static readonly string[] Verbs = ["run", "publish"];

    [Fact]
    public void TheFirstWordIsAVerbWhenThereIsOne()
    {
        Assert.Equal("publish", AppHostArguments.Read(["publish", "x"], Verbs).Verb);
        var unknown = AppHostArguments.Read(["bogus", "--wait"], Verbs);
        Assert.Null(unknown.Verb);
        Assert.Equal(["bogus", "--wait"], unknown.Rest);
    }

    [Fact]
    public void ConfigurationIsTakenOutOfAVerbsOptions()
    {
        var line = AppHostArguments.Read(["run", "--wait", "--environment", "Staging", "--Logging:LogLevel:Default=Debug", "--exit", "--Parameters:x", "1"], Verbs);
        Assert.Equal(["--wait", "--exit"], line.Rest);
        Assert.Equal(
            new Dictionary<string, string?> { ["environment"] = "Staging", ["Logging:LogLevel:Default"] = "Debug", ["Parameters:x"] = "1" },
            line.Configuration);
    }

    [Fact]
    public void AspiresOwnSwitchesWorkWithoutAVerb()
    {
        string[] args = ["--operation", "publish", "--publisher", "manifest", "--output-path", "out", "--include-exception-details"];
        var line = AppHostArguments.Read(args, Verbs);
        Assert.Empty(line.Rest);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["AppHost:Operation"] = "publish",
                ["Publishing:Publisher"] = "manifest",
                ["Pipeline:OutputPath"] = "out",
                ["Pipeline:IncludeExceptionDetails"] = "true",
            },
            line.Configuration);
        Assert.Equal(["--output-path", "out"], AppHostArguments.Read(["publish", "--output-path", "out"], Verbs).Rest);
    }
}
