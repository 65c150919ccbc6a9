using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Local;

namespace MonoRepo.Tests;

/// <summary>What the local programs read, under their own tools; and which programs are chosen.</summary>
public sealed class LocalFilesTests : IDisposable
{
    private static readonly string s_ending = OperatingSystem.IsWindows() ? ".exe" : "";
    private readonly MonitoringFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PrometheusTakesItsConfiguration()
    {
        PrometheusFiles.Write(_folder, MonitoredGraph.Read(Shop.Create().Resources, null), new(), "127.0.0.1:9093", "5s");
        _folder.Write("[]", PrometheusFiles.Targets);

        (await Tools.RunAsync("promtool", ["check", "config", _folder.PathOf(PrometheusFiles.Config)])).Succeeded();
    }

    [Theory]
    [InlineData]
    [InlineData("http://127.0.0.1:5001/alerts", "http://127.0.0.1:5002/alerts")]
    public async Task AlertmanagerTakesItsConfiguration(params string[] webhooks)
    {
        _folder.Write(
            AlertmanagerFiles.Text([.. webhooks.Select(url => new LocalWebhook(url, new(new("a-token"))))]),
            AlertmanagerFiles.Config);

        (await Tools.RunAsync("amtool", ["check-config", _folder.PathOf(AlertmanagerFiles.Config)])).Succeeded();
    }

    [Fact]
    public void WhatIsNotInstalledSaysWhatToInstall()
    {
        var graph = new TestGraph();
        graph.Configuration[LocalMonitoringOptions.ProgramsKey] = "native";
        graph.AddMonitoring();

        // Grafana runs as a container only.
        var grafana = Assert.IsType<MissingProgramResource>(graph.Resources.Single(r => r.Name == "grafana"));
        var state = grafana.Annotations.OfType<ResourceSnapshotAnnotation>().Single().InitialSnapshot;
        Assert.Equal("Not installed", state.State!.Text);
        Assert.Contains(
            "docker or podman", state.Properties.Single(p => p.Name == "Install").Value?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingOfItRunsOrIsWaitedForWhenSwitchedOff()
    {
        var graph = new TestGraph();
        graph.Configuration[LocalMonitoringOptions.ProgramsKey] = "off";
        graph.AddMonitoring();

        Assert.Equal("monitoring", Assert.Single(graph.Resources).Name);
    }

    [Fact]
    public void EveryProgramStartsDeferredAndStaysOutOfTheManifest()
    {
        var graph = new TestGraph();
        graph.AddMonitoring();

        Assert.All(graph.Resources.Where(r => r is not MonitoringResource), r =>
        {
            Assert.Single(r.Annotations.OfType<DeferredStartAnnotation>());
            Assert.Null(r.Annotations.OfType<ManifestPublishingCallbackAnnotation>().Single().Callback);
        });
    }

    [Theory]
    [InlineData("auto", "prometheus docker", "prometheus", false)]
    [InlineData("auto", "docker", "docker", true)]
    [InlineData("auto", "podman", "podman", true)]
    [InlineData("auto", "", null, false)]
    [InlineData("native", "docker", null, false)]
    [InlineData("container", "prometheus docker", "docker", true)]
    public void NativeProgramsComeBeforeContainers(string programs, string installed, string? command, bool isContainer)
    {
        foreach (var program in installed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _folder.Write("", program + s_ending);
        }

        var choice = ToolChoice.Of(
            LocalTool.Prometheus, Enum.Parse<LocalPrograms>(programs, ignoreCase: true), _folder.Root, _ => true);

        Assert.Equal((command, isContainer), (choice.Command, choice.IsContainer));
    }

    [Theory]
    [InlineData("docker", null)]
    [InlineData("docker podman", "podman")]
    public void ARuntimeThatIsStoppedIsNone(string installed, string? command)
    {
        foreach (var program in installed.Split(' '))
        {
            _folder.Write("", program + s_ending);
        }

        Assert.Equal(
            command, ToolChoice.Of(LocalTool.Grafana, LocalPrograms.Auto, _folder.Root, isUp: r => r != "docker").Command);
    }
}
