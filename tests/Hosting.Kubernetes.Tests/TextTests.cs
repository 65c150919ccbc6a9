using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FsCheck;
using FsCheck.Fluent;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

/// <summary>Whatever text the graph has arrives in the pods, byte by byte: by our renderer and by kustomize's.</summary>
public sealed class TextTests : IDisposable
{
    private const int Count = 400;
    private const string Secret = "SECRET";

    private static readonly string[] s_known =
    [
        "", " ", "😀", "a😀b\nc", "$", "$$", "$(A)", "$$(A)", "$($$A)", "a\nb", "a\r\nb", "a\r", "\r", "\n", "\n\n", " \n ",
        "a \n b", "a\n\tb", "\n\tb", "\ta", "---", "---\na: b\n",
        "# a", "a #b", "'", "\"", "\\", "\\n", "no", "0x1f", "1e3", "=", "=a", "a=b", "\u0001", "\u001f", "\u00a0",
        "\ufeff", "\ufeffa\nb", "\ufffd", "\U0001ffff", "\U0010ffff\n", "\ue000", "{{a}}", "%s", "${A}", "!a", "&a", "*a", "? a",
        "|", ">", "%", "@", "`",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task AnyText_ArrivesInPods()
    {
        var texts = s_known.Concat(Gen.Sample(Texts(), 12, Count - s_known.Length)).ToList();
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddEnvironment("prod", context: "prod");
        var secret = graph.AddResource(new ParameterResource("token", _ => Secret, secret: true));
        var box = graph.AddImage("box", "box", "1").WithAnnotation(new CommandAnnotation(texts));
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i];
            box.WithEnvironment($"V{i}", text).WithEnvironment($"S{i}", Surrounded(text, secret.Resource)).WithArgs(text);
            box.In(i % 2 == 0 ? "dev" : "prod", b => b.WithEnvironment($"O{i}", text));
        }

        box.WithAnnotation(new MountedFilesAnnotation(
            "files", texts.Select((t, i) => KeyValuePair.Create($"f{i}", t)).ToDictionary(), "/files"));

        var tree = Publication.Build(graph.Model);
        OwnedFiles.Write(_folder.Path, tree);

        foreach (var environment in new[] { "dev", "prod" })
        {
            AssertArrived(new Renderer(ManifestTree.Open(_folder.Path)).Render(environment).Objects, texts, environment);
            // What is applied is read back from the text of it.
            AssertArrived(Read(ManifestText.Of(graph.Model.Render(environment).Objects)), texts, environment);
        }

        AssertArrived(Read(await Tools.KustomizeAsync(Path.Combine(_folder.Path, Layout.Overlay("dev")))), texts, "dev");
        AssertArrived(Read(await Tools.KustomizeAsync(Path.Combine(_folder.Path, Layout.Overlay("prod")))), texts, "prod");
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud83d')]
    [InlineData('\ude00')]
    public void TextThatNoProcessCanHave_IsRefused(char character)
    {
        var text = $"a{character}b";
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddImage("box", "box", "1").WithEnvironment("A", text).WithArgs(text)
            .WithAnnotation(new CommandAnnotation([text]))
            .WithAnnotation(new MountedFilesAnnotation("files", new Dictionary<string, string> { ["f"] = text }, "/files"));

        var errors =
            Assert.Throws<MonoRepo.Hosting.Kubernetes.Graph.PublishException>(() => Publication.Build(graph.Model)).Errors;

        string[] expected = character == 0
            ? ["argument 1", "command", "variable 'A'"]
            : ["argument 1", "command", "files at '/files'", "variable 'A'"];
        Assert.Equal(expected, errors.Select(f => f.Field));
    }

    [Theory]
    [InlineData("\ta\nb")]
    [InlineData("\t\n")]
    [InlineData("a\u007f")]
    [InlineData("\u009f\n")]
    [InlineData("a\u0085b")]
    [InlineData("\u2028")]
    [InlineData("\ufffe")]
    public void TextThatKustomizeCannotWriteOrReadBack_IsRefused(string text)
    {
        var graph = new TestGraph();
        graph.AddEnvironment("dev", context: "dev");
        graph.AddImage("box", "box", "1").WithEnvironment("A", text).WithArgs(text)
            .WithAnnotation(new MountedFilesAnnotation("files", new Dictionary<string, string> { ["f"] = text }, "/files"));

        var errors =
            Assert.Throws<MonoRepo.Hosting.Kubernetes.Graph.PublishException>(() => Publication.Build(graph.Model)).Errors;

        Assert.Equal(["argument 1", "files at '/files'", "variable 'A'"], errors.Select(f => f.Field));
    }

    public void Dispose() => _folder.Dispose();

    private static ReferenceExpression Surrounded(string text, ParameterResource secret) =>
        ReferenceExpression.Create($"{text}{secret}{text}");

    private static Gen<string> Texts()
    {
        var rune = Gen.Frequency(
            (4, Gen.Choose(0x20, 0x7e)),
            (2, Gen.Elements(s_known.SelectMany(k => k.EnumerateRunes()).Select(r => r.Value).ToArray())),
            (1, Gen.Choose(1, 0x2fff)),
            (1, Gen.Choose(0xe000, 0x10ffff)));
        return rune.Where(Rune.IsValid).ListOf().Select(runes => string.Concat(runes.Select(r => new Rune(r))))
            .Where(t => !(t.StartsWith('\t') && t.Contains('\n'))
            && !t.Any(c => c is >= '\u007f' and <= '\u009f' or '\u2028' or '\u2029' or '\ufffe' or '\uffff'));
    }

    private static IReadOnlyList<YamlMap> Read(string text) => [.. YamlReader.ReadAll(text).Cast<YamlMap>()];

    private static void AssertArrived(IReadOnlyList<YamlMap> objects, List<string> texts, string environment)
    {
        var container = objects.Single(o => o.Text("kind") == "Deployment")
            .Map("spec")!.Map("template")!.Map("spec")!.List("containers")!.Cast<YamlMap>().Single();
        var maps = objects.Where(o => o.Text("kind") == "ConfigMap").Select(o => o.Map("data")!).ToList();
        var settings = maps.Single(m => m["V0"] is not null);
        var files = maps.Single(m => m["f0"] is not null);
        var variables = container.List("env")!.Cast<YamlMap>().ToDictionary(
            e => e.Text("name")!, e => e["valueFrom"] is null ? e.Text("value")! : "$(PARAMETER_TOKEN)");
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i];
            // Aspire takes doubled braces of interpolated text for one; a local process gets what it makes of them.
            var expected = Surrounded(
                text, new("token", _ => Secret, secret: true)).GetValueAsync(CancellationToken.None).AsTask().Result;
            AssertSame(text, Variable($"V{i}"), i);
            AssertSame(expected, Variable($"S{i}"), i);
            AssertSame(i % 2 == (environment == "dev" ? 0 : 1) ? text : null, Variable($"O{i}"), i);
            AssertSame(text, Expanded(container.List("args")![i].ToString()!), i);
            AssertSame(text, Expanded(container.List("command")![i].ToString()!), i);
            AssertSame(text, files.Text($"f{i}"), i);
        }

        string? Variable(string name) => variables.TryGetValue(name, out var value) ? Expanded(value) : settings.Text(name);
    }

    private static void AssertSame(string? expected, string? actual, int index) =>
        Assert.True(expected == actual, $"text {index}: {Shown(expected)} arrives as {Shown(actual)}");

    private static string Shown(string? text) => text is null
        ? "nothing"
        : string.Concat(text.EnumerateRunes().Select(r => r.Value is >= 0x20 and < 0x7f ? r.ToString() : $"<{r.Value:x}>"));

    /// <summary>As a kubelet does it: k8s.io/kubernetes/third_party/forked/golang/expansion.</summary>
    private static string Expanded(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '$' && i + 1 < text.Length)
            {
                if (text[i + 1] == '$')
                {
                    result.Append('$');
                    i++;
                    continue;
                }

                if (text[i + 1] == '(' && text.IndexOf(')', i) is var end and > 0)
                {
                    var name = text[(i + 2)..end];
                    result.Append(name == "PARAMETER_TOKEN" ? Secret : $"$({name})");
                    i = end;
                    continue;
                }
            }

            result.Append(text[i]);
        }

        return result.ToString();
    }
}
