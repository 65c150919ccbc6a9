using Aspire.Hosting;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class CommandLineSwitchTests
{
    [Theory]
    [InlineData(new[] { "--redis", "garnet" }, "garnet")]
    [InlineData(new[] { "run", "--redis=container" }, "container")]
    [InlineData(new[] { "--wait" }, null)]
    public void ASwitchSetsItsKey(string[] args, string? value)
    {
        var builder = Graph.Create(args).AddCommandLineSwitch("--redis", "Redis:Server", "Which server.", "garnet", "container");
        Assert.Equal(value, builder.Configuration["Redis:Server"]);
    }

    [Fact]
    public void AFlagNeedsNoValue()
    {
        var builder = Graph.Create("run", "--reset", "--wait").AddCommandLineSwitch("--reset", "Redis:Reset", "Forgets the data.");
        Assert.Equal("true", builder.Configuration["Redis:Reset"]);
    }

    [Fact]
    public void AWrongValueNamesTheRightOnes() => Assert.Equal(
        "'mysql' is not a value of --redis. Use one of: garnet, container.",
        Assert.Throws<BadUsageException>(() => Graph.Create("--redis", "mysql").AddCommandLineSwitch("--redis", "R", "Which.", "garnet", "container")).Message);

    [Fact]
    public void OneSwitchSetsOneKey()
    {
        var builder = Graph.Create().AddCommandLineSwitch("--a", "A", "").AddCommandLineSwitch("--a", "A", "");
        Assert.Throws<ArgumentException>(() => builder.AddCommandLineSwitch("--a", "B", ""));
        Assert.Throws<ArgumentException>(() => builder.AddCommandLineSwitch("a", "A", ""));
    }
}
