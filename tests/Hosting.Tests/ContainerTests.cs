using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class ContainerTests
{
    [Theory]
    [InlineData("redis", null, "redis:latest")]
    [InlineData("redis", "8", "redis:8")]
    [InlineData("redis:8.2", null, "redis:8.2")]
    [InlineData("quay.io/org/redis:8", null, "quay.io/org/redis:8")]
    [InlineData("localhost:5000/redis", "8", "localhost:5000/redis:8")]
    [InlineData("org/redis", null, "org/redis:latest")]
    [InlineData("redis@sha256:abc", null, "redis@sha256:abc")]
    public void AnImageIsReadAsDockerDoes(string image, string? tag, string full)
    {
        var builder = Graph.Create();
        var container = tag is null ? builder.AddContainer("c", image) : builder.AddContainer("c", image, tag);
        Assert.True(container.Resource.TryGetContainerImageName(out var name));
        Assert.Equal(full, name);
        Assert.True(container.Resource.IsContainer());
    }

    [Fact]
    public void TagAndDigestExcludeEachOther()
    {
        var container = Graph.Create().AddContainer("c", "redis", "8").WithImageSHA256("abc").WithImageRegistry("r.io");
        Assert.True(container.Resource.TryGetContainerImageName(out var digest));
        Assert.Equal("r.io/redis@sha256:abc", digest);
        container.WithImageTag("9");
        Assert.True(container.Resource.TryGetContainerImageName(out var tag));
        Assert.Equal("r.io/redis:9", tag);
        Assert.Throws<InvalidOperationException>(() => container.WithImage("redis:7", "8"));
    }

    [Fact]
    public void MountsAreAbsoluteOrNamed()
    {
        var builder = Graph.Create();
        var container = builder.AddContainer("c", "image").WithBindMount("data", "/data", isReadOnly: true).WithVolume("/tmp").WithVolume("v", "/v");
        Assert.True(container.Resource.TryGetContainerMounts(out var mounts));
        Assert.Equal(
            [(Path.Combine(builder.AppHostDirectory, "data"), "/data", ContainerMountType.BindMount, true), (null, "/tmp", ContainerMountType.Volume, false), ("v", "/v", ContainerMountType.Volume, false)],
            mounts.Select(m => (m.Source, m.Target, m.Type, m.IsReadOnly)));
        Assert.Throws<ArgumentException>(() => container.WithVolume(null, "/x", isReadOnly: true));
    }

    [Fact]
    public void ADockerfileGivesImageAndBuild()
    {
        var builder = Graph.Create();
        var secret = builder.AddParameter("secret", secret: true);
        var container = builder.AddDockerfile("App", "src", stage: "final").WithBuildArg("V", 3).WithBuildSecret("S", secret);
        Assert.True(container.Resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build));
        Assert.Equal(Path.Combine(builder.AppHostDirectory, "src", "Dockerfile"), build.DockerfilePath);
        Assert.Equal(("final", 3, secret.Resource), (build.Stage, build.BuildArguments["V"], build.BuildSecrets["S"]));
        Assert.True(container.Resource.RequiresImageBuild());
        Assert.Throws<InvalidOperationException>(() => container.WithBuildArg("S", secret));
        Assert.Throws<InvalidOperationException>(() => builder.AddContainer("other", "x").WithBuildArg("V", 1));
    }

    [Fact]
    public void AProcessThatIsPublishedAsAContainerStillRunsAsAProcess()
    {
        var a = Graph.Create().AddExecutable("a", "node", "src").PublishAsDockerFile(c => c.WithBuildArg("V", 1));
        Assert.False(a.Resource.IsContainer());
        Assert.True(a.Resource.TryGetLastAnnotation<PublishedContainerAnnotation>(out var published));
        Assert.Equal(a.Resource.WorkingDirectory, published.Container.Annotations.OfType<DockerfileBuildAnnotation>().Single().ContextPath);
    }

    [Fact]
    public void NamesOfVolumesBelongToOneAppHost()
    {
        var name = VolumeNameGenerator.Generate(Graph.Create().AddContainer("c", "x"), "data");
        Assert.Matches("^[a-z0-9_.-]+-[0-9a-f]{10}-c-data$", name);
    }
}
