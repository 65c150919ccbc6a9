namespace MonoRepo.Tests;

/// <summary>What docs/add-a-service.md says, done in a copy of the repository.</summary>
public sealed class TemplateTests(RepositoryCopy copy) : IClassFixture<RepositoryCopy>
{
    [Fact]
    public async Task ACreatedServiceStartsAnswersAndIsPublished()
    {
        Assert.Equal(0, (await copy.CreateAsync("OrderHistory")).Exit);
        await AddLineToTheGraphAsync("OrderHistory");

        var run = await CommandLine.OkAsync(copy.Root, "dotnet", "run", "--project", "AppHost", "--", "run", "--wait", "--exit");
        Assert.Matches(@"order-history-server\S*\s+Running\s+Healthy", run);

        var test = await CommandLine.OkAsync(copy.Root, "dotnet", "test", "--project", "tests/OrderHistory.Tests");
        Assert.Contains("succeeded: 3", test, StringComparison.Ordinal);

        await CommandLine.OkAsync(copy.Root, "dotnet", "run", "--project", "AppHost", "--no-build", "--", "publish");
        var manifests = await CommandLine.OkAsync(copy.Root, "kubectl", "kustomize", "k8s/overlays/dev");
        Assert.Contains("name: order-history-server", manifests, StringComparison.Ordinal);
        await ValidateAsync(manifests);
    }

    [Theory]
    [InlineData("my-service")]
    [InlineData("2Fast")]
    [InlineData("lower")]
    public async Task ABadNameStopsTheBuildWithOneLine(string name)
    {
        await copy.CreateAsync(name);

        var (exit, output) = await CommandLine.RunAsync(copy.Root, "dotnet", "build", $"{name}.Server", "-v", "q", "--nologo");

        Assert.NotEqual(0, exit);
        Assert.Single(output.Split('\n').Where(line => line.Contains("error ", StringComparison.Ordinal)).Distinct(),
            line => line.Contains($"MONO0100: '{name}' cannot be the name of a service", StringComparison.Ordinal));
        await CommandLine.OkAsync(copy.Root, "rm", "-r", $"{name}.Server", $"{name}.Client", $"tests/{name}.Tests");
        await CommandLine.OkAsync(copy.Root, "cp", Repository.PathOf("MonoRepo.sln"), ".");
        await CommandLine.OkAsync(copy.Root, "cp", Repository.PathOf("AppHost", "AppHost.csproj"), "AppHost/AppHost.csproj");
    }

    [Fact]
    public async Task NothingExistingIsOverwritten()
    {
        var before = await File.ReadAllTextAsync(Path.Combine(copy.Root, "Todo.Server", "Program.cs"), TestContext.Current.CancellationToken);

        var (exit, _) = await copy.CreateAsync("Todo");

        Assert.NotEqual(0, exit);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(copy.Root, "Todo.Server", "Program.cs"), TestContext.Current.CancellationToken));
    }

    /// <summary>The line that the new server's README holds.</summary>
    private async Task AddLineToTheGraphAsync(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var readme = await File.ReadAllLinesAsync(Path.Combine(copy.Root, $"{name}.Server", "README.md"), token);
        var line = Assert.Single(readme, line => line.StartsWith("builder.AddProject", StringComparison.Ordinal));
        var graph = Path.Combine(copy.Root, "AppHost", "Program.cs");
        var program = await File.ReadAllTextAsync(graph, token);
        await File.WriteAllTextAsync(graph, program.Replace("builder.Build().Run();", $"{line}\n\nbuilder.Build().Run();", StringComparison.Ordinal), token);
    }

    private async Task ValidateAsync(string manifests)
    {
        if (Path.Combine(Environment.GetEnvironmentVariable("MONOREPO_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "kubernetes", "validate") is var validate
            && File.Exists(validate))
        {
            var file = Path.Combine(copy.Root, "rendered.yaml");
            await File.WriteAllTextAsync(file, manifests, TestContext.Current.CancellationToken);
            await CommandLine.OkAsync(copy.Root, "sh", "-c", $"'{validate}' < rendered.yaml");
        }
    }
}
