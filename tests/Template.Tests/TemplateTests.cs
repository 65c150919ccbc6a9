namespace MonoRepo.Tests;

/// <summary>What docs/add-a-service.md says, done in a copy of the repository.</summary>
public sealed class TemplateTests(RepositoryCopy copy) : IClassFixture<RepositoryCopy>
{
    // What the new projects and the AppHost refer to is built.
    private const string Alone = "--property:BuildProjectReferences=false";
    private const string LastLine = "return await builder.Build().RunCommandAsync(args);";

    [SlowFact]
    public async Task Service_Created_RunsIsTestedAndPublished()
    {
        // Without --redis: see PackageTests.
        Assert.Equal(0, (await copy.CreateAsync("OrderHistory", "--redis")).Exit);
        await AddLineToTheGraphAsync("OrderHistory");
        await CommandLine.OkAsync(copy.Root, "dotnet", "build", "OrderHistory.Server", Alone);

        // As the document does: the first URL of the table is the one to call.
        await using (var run = new RunningCommand(
            copy.Root, "dotnet", "run", "--project", "AppHost", Alone, "--", "run", "--wait"))
        {
            var table = await run.WaitForLineAsync(line => line.StartsWith("order-history-server", StringComparison.Ordinal));
            Assert.Matches(
                @"^order-history-server\S*\s+Running\s+Healthy\s.*\sgrpc http://\S+ management http://\S+ rpcz http://\S+/rpcz$",
                table);
            var url = table[table.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0];
            Assert.Contains("Hello, World. Number of greetings: 1.", await CommandLine.OkAsync(
                copy.Root, "sh", "-c",
                "Access__Token=$(dotnet run -v q --no-build --project AppHost -- token order-history-server) " +
                $"dotnet run -v q --project OrderHistory.Client {Alone} -- World --server {url}"), StringComparison.Ordinal);
        }

        var test = await CommandLine.OkAsync(copy.Root, "dotnet", "test", "--project", "tests/OrderHistory.Tests", Alone);
        Assert.Contains("succeeded: 6", test, StringComparison.Ordinal);

        await CommandLine.OkAsync(copy.Root, "dotnet", "run", "--project", "AppHost", "--no-build", "--", "publish");
        var manifests = await CommandLine.OkAsync(
            Path.Combine(copy.Root, "AppHost"), "dotnet", Path.Combine("bin", "Debug", "net10.0", "AppHost.dll"), "render",
            "--env", "dev", "--unpinned");
        Assert.Contains("name: order-history-server", manifests, StringComparison.Ordinal);
        Assert.Contains("\"title\": \"order-history-server\"", manifests, StringComparison.Ordinal); // its dashboard
        await Tools.ValidateAsync(manifests);
    }

    [Fact]
    public async Task ACreatedServiceRunsInANamespaceOfACluster()
    {
        Assert.SkipWhen(Variable("KUBECONFIG") is null, "KUBECONFIG names no cluster to deploy to.");
        Assert.SkipWhen(
            Variable("MONOREPO_TEST_REGISTRY") is null,
            "MONOREPO_TEST_REGISTRY names no registry that this machine and the cluster's nodes reach.");
        Assert.Equal(0, (await copy.CreateAsync("Inventory")).Exit);
        await AddLineToTheGraphAsync("Inventory");
        var context = (await CommandLine.OkAsync(copy.Root, "kubectl", "config", "current-context")).Trim();
        var user = $"{Variable("MONOREPO_TEST_PREFIX") ?? "template"}-{Guid.NewGuid().ToString("N")[..8]}";
        await CommandLine.OkAsync(copy.Root, "dotnet", "build", "AppHost", "-v", "q", "--nologo");
        try
        {
            await AppHostAsync(["setup", "--skip-operators", .. Variable("MONOREPO_TEST_CRDS") is { } folder
                ? ["--crds", folder]
                : Array.Empty<string>()]);
            await AppHostAsync("secrets", "set", "--generate");
            Assert.Contains("deployment/inventory-server is ready", await AppHostAsync(
                "apply", "inventory-server"), StringComparison.Ordinal);
            Assert.Matches(@"deployment/inventory-server\s+1/1\s", await AppHostAsync("status", "inventory-server"));
        }
        finally
        {
            await CommandLine.RunAsync(copy.Root, "kubectl", "delete", "namespace", user, "--wait=false", "--ignore-not-found");
        }

        Task<string> AppHostAsync(params string[] arguments)
        {
            string[] settings =
            [
                $"Environments__personal__Context={context}",
                $"Environments__personal__Registry={Variable("MONOREPO_TEST_REGISTRY")}",
                .. Variable("MONOREPO_TEST_BASE_IMAGE") is { } image ? [$"Images__BaseImage={image}"] : Array.Empty<string>(),
            ];
            return CommandLine.OkAsync(
                copy.Root, "env",
                [.. settings, "dotnet", "run", "--project", "AppHost", "--no-build", "--", .. arguments, "--as", user]);
        }

        static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
    }

    [Fact]
    public async Task NothingExistingIsOverwritten()
    {
        var before = await File.ReadAllTextAsync(
            Path.Combine(copy.Root, "Todo.Server", "Program.cs"), TestContext.Current.CancellationToken);

        var (exit, _) = await copy.CreateAsync("Todo");

        Assert.NotEqual(0, exit);
        Assert.Equal(before, await File.ReadAllTextAsync(
            Path.Combine(copy.Root, "Todo.Server", "Program.cs"), TestContext.Current.CancellationToken));
    }

    /// <summary>The line that the new server's README holds.</summary>
    private async Task AddLineToTheGraphAsync(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var readme = await File.ReadAllLinesAsync(Path.Combine(copy.Root, $"{name}.Server", "README.md"), token);
        var line = Assert.Single(readme, line => line.StartsWith("builder.AddProject", StringComparison.Ordinal));
        var graph = Path.Combine(copy.Root, "AppHost", "Program.cs");
        var program = await File.ReadAllTextAsync(graph, token);
        await File.WriteAllTextAsync(graph, program.Replace(LastLine, $"{line}\n\n{LastLine}", StringComparison.Ordinal), token);
    }
}
