using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class ParameterTests
{
    [Fact]
    public async Task TheConfiguredValueComesFirst()
    {
        var builder = Graph.Create("--Parameters:a=configured", "--Own:Key=own", "--Parameters:my_param=underscore");
        Assert.Equal("configured", await Value(builder.AddParameter("a", "written")));
        Assert.Equal("own", await Value(builder.AddParameterFromConfiguration("b", "Own:Key")));
        Assert.Equal("underscore", await Value(builder.AddParameter("my-param")));
        Assert.Equal("written", await Value(builder.AddParameter("c", "written", publishValueAsDefault: true)));
        Assert.Equal("asked", await Value(builder.AddParameter("d", () => "asked")));
    }

    [Fact]
    public async Task AMissingValueNamesItsKey() => Assert.Equal(
        "Parameter resource could not be used because configuration key 'Parameters:a' is missing and the Parameter has no default value.",
        (await Assert.ThrowsAsync<MissingParameterValueException>(() => Value(Graph.Create().AddParameter("a")))).Message);

    [Fact]
    public async Task AGeneratedValueStaysTheSame()
    {
        var builder = Graph.Create();
        var a = builder.AddParameter("a", new GenerateParameterDefault { MinLength = 30, Special = false, MinNumeric = 5 }, secret: true);
        var value = await Value(a);
        Assert.Equal(30, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.True(value.Count(char.IsAsciiDigit) >= 5);
        Assert.Equal(value, await Value(a));
    }

    [Fact]
    public async Task APersistentValueCanBeReadBeforeAndAfterBuild()
    {
        var early = Graph.Create();
        Assert.Equal(22, (await Value(early.AddResource(ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(early, "p")))).Length);
        var late = Graph.Create();
        var parameter = late.AddParameter("p", new GenerateParameterDefault(), persist: true);
        await using var application = late.Build();
        Assert.Equal(22, (await Value(parameter)).Length);
    }

    [Fact]
    public void ASecretIsNotPublished() =>
        Assert.Throws<ArgumentException>(() => Graph.Create().AddParameter("a", "x", publishValueAsDefault: true, secret: true));

    [Fact]
    public async Task ReadersWaitForAValueThatSomebodyIsAskedFor()
    {
        var a = Graph.Create().AddParameter("a");
        var answer = new TaskCompletionSource<string>();
        a.Resource.SetPendingValue(answer.Task);
        var pending = Value(a);
        Assert.False(pending.IsCompleted);
        answer.SetResult("given");
        Assert.Equal("given", await pending);
        Assert.Equal("Parameters:a", a.Resource.GetConfigurationKey());
    }

    private static async Task<string> Value(IResourceBuilder<ParameterResource> parameter) =>
        (await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken))!;
}
