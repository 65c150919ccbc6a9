using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task LaterVariablesWinAndCallbacksSeeEarlierOnes()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".")
            .WithEnvironment("A", "1").WithEnvironment("B", () => "2").WithEnvironment("A", "3")
            .WithEnvironment(context => context.EnvironmentVariables["C"] = context.EnvironmentVariables["A"])
            .WithEnvironment(async context =>
            {
                await Task.Yield();
                context.EnvironmentVariables["D"] = context.Resource.Name;
            });
        Assert.Equal(
            new Dictionary<string, string> { ["A"] = "3", ["B"] = "2", ["C"] = "3", ["D"] = "a" },
            await Graph.EnvironmentOf(a));
    }

    [Fact]
    public async Task ValuesOfEveryKindAreResolved()
    {
        var builder = Graph.Create("--Parameters:p=v");
        var p = builder.AddParameter("p");
        var a = builder.AddExecutable("a", "x", ".", "one", p).WithArgs("two").WithArgs(c => c.Args.Add(3))
            .WithEnvironment("PARAMETER", p).WithEnvironment("TEXT", $"<{p}>")
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"{p}{p}"));
        Assert.Equal(["one", "v", "two", "3"], await Graph.ArgumentsOf(a));
        Assert.Equal(
            new Dictionary<string, string> { ["PARAMETER"] = "v", ["TEXT"] = "<v>", ["EXPRESSION"] = "vv" },
            await Graph.EnvironmentOf(a));
    }

    [Fact]
    public async Task SecretsAreMarkedWhereverTheyHide()
    {
        var builder = Graph.Create("--Parameters:s=secret");
        var s = builder.AddParameter("s", secret: true);
        var nested = ReferenceExpression.Create($"a{ReferenceExpression.Create($"b{s}")}");
        var result = await Graph.Build(builder.AddExecutable("a", "x", ".", "plain", nested));
        Assert.Equal([("plain", false), ("absecret", true)], result.Arguments);
        Assert.Contains(s.Resource, result.References);
        Assert.True(ResolvedValue.IsSensitive(nested));
    }

    [Fact]
    public async Task AFaultLeavesTheRestToBeResolved()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".")
            .WithEnvironment("GOOD", "1")
            .WithEnvironment("BAD", Graph.Create().AddParameter("missing"));
        var result = await Graph.Build(a);
        Assert.IsType<MissingParameterValueException>(result.Exception);
        Assert.Equal(["GOOD"], result.EnvironmentVariables.Select(v => v.Key));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("my-api.v2", "my_api_v2")]
    [InlineData("2nd", "_2nd")]
    public void NamesOfVariablesAreEncoded(
        string name,
        string encoded) => Assert.Equal(encoded, EnvironmentVariableName.Encode(name));
}
