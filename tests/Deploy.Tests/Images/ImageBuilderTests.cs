using MonoRepo.Deploy;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Processes;

namespace MonoRepo.Tests.Deploy;

public sealed class ImageBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeRegistry _registry = new();
    private readonly FakeProcessRunner _processes;
    private readonly List<ImageReport> _reports = [];
    private readonly ImageBuildOptions _options = new("localhost:5000/team") { BaseImage = "localhost:5000/aspnet:10.0.1" };

    public ImageBuilderTests()
    {
        _processes = new(_registry);
        _registry.Push("aspnet", "10.0.1", "base");
        _folder.Write("Directory.Build.props", "<Project><Import Project=\"eng/more.props\" /></Project>");
        _folder.Write("eng/more.props", "<Project />");
        _folder.Write("proto/shop.proto", "syntax = \"proto3\";");
        foreach (var name in (string[])["Cart", "Shop"])
        {
            _folder.Write($"{name}/{name}.csproj", "<Project />");
            _folder.Write($"{name}/Program.cs", "return 0;");
            _folder.Write(
                $"{name}/obj/project.assets.json",
                """{"targets":{},"libraries":{"Polly/8":{"sha512":"x"}},"project":{"path":"/somewhere"}}""");
        }

        _processes.Inputs = project => project.Contains("Shop", StringComparison.Ordinal)
            ? [$"project|{project}|{project}", $"file|{project}|{Path.Combine(_folder.Path, "proto/shop.proto")}"]
            : [$"project|{project}|{project}"];
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatDidNotChangeIsNeitherBuiltNorPushed()
    {
        var first = await BuildAsync();
        Assert.Equal(["Inputs Cart Shop", "Build Cart Shop"], _processes.Runs);
        _processes.Runs.Clear();
        _registry.Requests.Clear();
        Assert.Equal(first, await BuildAsync());
        Assert.Empty(_processes.Runs);
        Assert.Equal(
            first.Select(d => $"HEAD localhost:5000/v2/team/{d.Key}/manifests/{d.Value}").Order(StringComparer.Ordinal),
            _registry.Requests.Order(StringComparer.Ordinal));
        Assert.All(_reports.TakeLast(2), r => Assert.Equal(ImageStep.Unchanged, r.Step));
    }

    [Fact]
    public async Task OneBuildOfARepositoryRunsAtATimeAndTheOthersSayThatTheyWait()
    {
        var running = await BuildLock.TakeAsync(Paths, () => Assert.Fail("Nothing else builds."), Token);
        var reported = new TaskCompletionSource();
        var build = BuildAsync(reported: reported.SetResult);
        await reported.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Empty(_processes.Runs);

        running.Dispose();
        await build;

        Assert.Equal(
            [ImageStep.Waiting, ImageStep.Building, ImageStep.Pushed],
            _reports.Where(r => r.Image == "shop").Select(r => r.Step));
    }

    [Theory]
    [InlineData("Shop/Program.cs")]
    [InlineData("Shop/Data/new.json")]
    [InlineData("proto/shop.proto")]
    [InlineData("proto/new.proto")]
    public async Task AChangedInputBuildsItsImageOnly(string path)
    {
        var first = await BuildAsync();
        _processes.Runs.Clear();
        _folder.Write(path, "changed");
        var second = await BuildAsync();
        Assert.Equal(["Build Shop"], _processes.Runs);
        Assert.Equal(first["cart"], second["cart"]);
        Assert.NotEqual(first["shop"], second["shop"]);
    }

    [Theory]
    [InlineData("Directory.Build.props")]
    [InlineData("eng/more.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public async Task AFileThatShapesBuildsAsksAgainAndBuildsAll(string path)
    {
        await BuildAsync();
        _processes.Runs.Clear();
        _folder.Write(path, "<Project><!-- changed --></Project>");
        await BuildAsync();
        Assert.Equal(["Inputs Cart Shop", "Build Cart Shop"], _processes.Runs);
    }

    [Theory]
    [InlineData("Shop/bin/Debug/Shop.dll")]
    [InlineData("Shop/obj/Shop.cache")]
    [InlineData("Shop/.vs/settings")]
    [InlineData("Shop/Shop.csproj.user")]
    [InlineData("README.md")]
    public async Task OutputsAndOtherFilesDoNotCount(string path)
    {
        await BuildAsync();
        _processes.Runs.Clear();
        _folder.Write(path, "changed");
        await BuildAsync();
        Assert.Empty(_processes.Runs);
    }

    [Fact]
    public async Task OtherPackagesBuildAnew()
    {
        await BuildAsync();
        _processes.Runs.Clear();
        _folder.Write("Cart/obj/project.assets.json", """{"targets":{},"libraries":{"Polly/9":{"sha512":"y"}}}""");
        await BuildAsync();
        Assert.Equal(["Build Cart"], _processes.Runs);
    }

    [Fact]
    public async Task AnotherBaseImageBuildsAnew()
    {
        await BuildAsync();
        _processes.Runs.Clear();
        _registry.Push("aspnet", "10.0.2", "newer base");
        await BuildAsync(_options with { BaseImage = "localhost:5000/aspnet:10.0.2" });
        Assert.Equal(["Build Cart Shop"], _processes.Runs);
    }

    [Fact]
    public async Task TheSameSourcesElsewhereFindTheImageInTheRegistry()
    {
        var first = await BuildAsync();
        File.Delete(StateFile);
        _processes.Runs.Clear();
        Assert.Equal(first, await BuildAsync());
        Assert.Equal(["Inputs Cart Shop"], _processes.Runs);
    }

    [Fact]
    public async Task WhatTheRegistryLostIsBuiltAgain()
    {
        await BuildAsync();
        _registry.Clear();
        _processes.Runs.Clear();
        await BuildAsync();
        Assert.Equal(["Build Cart Shop"], _processes.Runs);
    }

    [Fact]
    public async Task TwoBuildsOfOneRepositoryRunOneAfterTheOther_AndTheSecondFindsTheImages()
    {
        Task<IReadOnlyDictionary<string, string>>? second = null;
        _processes.Building = () => second ??= Task.Run(() => BuildAsync(), Token);

        var first = await BuildAsync();

        Assert.Equal(first, await second!);
        Assert.Single(_processes.Runs, "Build Cart Shop");
    }

    [Fact]
    public async Task WhatAnotherMachineHasBuiltSooner_IsTheImageOfTheseInputs()
    {
        const string Shop = "PUT localhost:5000/v2/team/shop/manifests/";
        await BuildAsync();
        var tag = _registry.Requests.Single(r => r.StartsWith(Shop, StringComparison.Ordinal))[Shop.Length..];
        _registry.Clear();
        _registry.Push("aspnet", "10.0.1", "base");
        string? theirs = null;
        _processes.Building = () => theirs = _registry.Push("team/shop", tag, "theirs");

        var second = await BuildAsync();

        Assert.Equal(theirs, second["shop"]);
        Assert.Equal(second, await BuildAsync());
    }

    [Fact]
    public async Task RebuildBuildsWhatDidNotChange()
    {
        var first = await BuildAsync();
        var second = await BuildAsync(_options with { Rebuild = true });
        Assert.NotEqual(first["shop"], second["shop"]);
    }

    [Fact]
    public async Task WhatChangesDuringTheBuildIsBuiltNextTime()
    {
        _processes.Building = () => _folder.Write("Shop/Program.cs", "return 1;");
        await BuildAsync();
        _processes.Building = () => { };
        _processes.Runs.Clear();
        await BuildAsync();
        Assert.Equal(["Build Shop"], _processes.Runs);
    }

    [Fact]
    public async Task CompilerErrorsAreShownAndNothingIsRemembered()
    {
        await BuildAsync();
        _folder.Write("Shop/Program.cs", "return;");
        _processes.Errors =
        [
            "/src/Shop/Program.cs(1,8): error CS0126: An object of a type convertible to 'int' is required " +
            "[/src/Shop/Shop.csproj]",
        ];
        var fault = await Assert.ThrowsAsync<DeployException>(() => BuildAsync());
        Assert.Equal(
            "An image could not be built:\n  /src/Shop/Program.cs(1,8): error CS0126: An object of a type convertible to " +
            "'int' is required", fault.Message);
        _processes.Errors = null;
        _processes.Runs.Clear();
        await BuildAsync();
        Assert.Equal(["Build Shop"], _processes.Runs);
    }

    [Fact]
    public async Task AMissingBaseImageIsNamed()
    {
        var fault =
            await Assert.ThrowsAsync<DeployException>(() => BuildAsync(_options with { BaseImage = "localhost:5000/aspnet:11" }));
        Assert.Equal("The base image localhost:5000/aspnet:11 wasn't found. Set another one with --base-image.", fault.Message);
    }

    [Fact]
    public async Task ADockerfileIsBuiltByDockerOrElsePodmanWithItsSecretsInTheEnvironmentOnly()
    {
        _folder.Write("web/Dockerfile", "FROM scratch");
        var source = new DockerfileImageSource(
            "web", Path.Combine(_folder.Path, "web"), Path.Combine(_folder.Path, "web/Dockerfile"), "final",
            new Dictionary<string, string> { ["VERSION"] = "1" }, new Dictionary<string, string> { ["npm-token"] = "t0p" });
        _processes.Missing.Add("docker");
        var first = await BuildAsync(sources: [source]);
        Assert.Equal(
            [
                $"podman build --quiet --file {source.DockerfilePath} --tag localhost:5000/team/web:latest --target final " +
                $"--build-arg VERSION=1 --secret id=npm-token,env=BUILD_SECRET_NPM_TOKEN {source.ContextPath}",
                "podman push --tls-verify=false localhost:5000/team/web:latest",
            ],
            _processes.Runs.Take(2));
        _processes.Runs.Clear();
        Assert.Equal(first, await BuildAsync(sources: [source]));
        Assert.Empty(_processes.Runs);
        _folder.Write("web/index.html", "changed");
        Assert.NotEqual(first["web"], (await BuildAsync(sources: [source]))["web"]);
        Assert.DoesNotContain("t0p", await File.ReadAllTextAsync(StateFile, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutDockerAndPodmanTheDockerfilesResourceIsNamed()
    {
        _folder.Write("web/Dockerfile", "FROM scratch");
        _processes.Missing.UnionWith(["docker", "podman"]);
        var source = new DockerfileImageSource("web", Path.Combine(_folder.Path, "web"), Path.Combine(
            _folder.Path, "web/Dockerfile"), null, new Dictionary<string, string>(), new Dictionary<string, string>());
        var fault = await Assert.ThrowsAsync<DeployException>(() => BuildAsync(sources: [source]));
        Assert.Equal("web: its Dockerfile needs docker or podman, and neither is on the PATH.", fault.Message);
    }

    [Fact]
    public async Task OneProjectForTwoResourcesIsNotCompiledTwiceAtOnce()
    {
        var project = Path.Combine(_folder.Path, "Shop/Shop.csproj");
        await BuildAsync(sources: [new ProjectImageSource("shop", project), new ProjectImageSource("shop-batch", project)]);
        Assert.Equal(["Inputs Shop", "Build Shop", "Build Shop"], _processes.Runs);
    }

    [Fact]
    public void BuildErrorsAreShort()
    {
        Assert.StartsWith(
            "The disk is full", BuildErrors.Of(["x: error MSB3021: No space left on device : '/tmp/a'"]),
            StringComparison.Ordinal);
        Assert.Equal(
            "An image could not be pushed: CONTAINER1013: Failed to push to the output registry: denied",
            BuildErrors.Of(
                ["a.targets(255,5): error CONTAINER1013: Failed to push to the output registry: denied [/src/a.csproj]"]));
        Assert.EndsWith(
            "and 2 more", BuildErrors.Of([.. Enumerable.Range(1, 5).Select(i => $"a.cs({i},1): error CS{i}: no")]),
            StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    private ImagePaths Paths => new(_folder.Path, StateFile);

    private string StateFile => Path.Combine(_folder.Path, ".aspire", "images.json");

    private async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        ImageBuildOptions? options = null, IReadOnlyList<ImageSource>? sources = null, Action? reported = null)
    {
        using var client = new RegistryClient(_registry, _ => null);
        var builder = new ImageBuilder(_processes, client, Paths, TimeProvider.System);
        sources ??= [
            .. new[]
            {
                "Cart",
                "Shop",
            }.Select(n => new ProjectImageSource(n.ToLowerInvariant(), Path.Combine(_folder.Path, n, $"{n}.csproj"))),
        ];
        return await builder.BuildAsync(sources, options ?? _options, Report, Token);

        void Report(ImageReport report)
        {
            _reports.Add(report);
            Interlocked.Exchange(ref reported, null)?.Invoke();
        }
    }
}
