using FsCheck;
using FsCheck.Fluent;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class YamlTests
{
    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        Prop.ForAll(Nodes().ToArbitrary(), node =>
            YamlNode.DeepEquals(node, Assert.Single(YamlReader.ReadAll(YamlWriter.ToText(node))))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("8.0.2", "\"8.0.2\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("Off", "\"Off\"")]
    [InlineData("0x1f", "\"0x1f\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2026-11-20", "\"2026-11-20\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("=", "\"=\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("- a", "\"- a\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("http://*:8080", "http://*:8080")]
    [InlineData("200m", "200m")]
    [InlineData("", "\"\"")]
    public void StringsAreQuotedWhereTheyWouldReadAsSomethingElse(string text, string written) =>
        Assert.Equal(written + "\n", YamlWriter.ToText(new YamlScalar(text)));

    [Fact]
    public void APatchTurnsTheOneIntoTheOther() =>
        Prop.ForAll(Objects().Two().ToArbitrary(), pair =>
        {
            var (from, to) = pair;
            if (PatchDifference.Between(from, to) is not { } patch)
            {
                return YamlNode.DeepEquals(from, to);
            }

            var target = (YamlMap)from.Clone();
            StrategicMerge.Apply(target, patch);
            return YamlNode.DeepEquals(target, to);
        }).QuickCheckThrowOnFailure();

    private static Gen<YamlNode> Nodes()
    {
        var text = Gen.OneOf(
            Gen.Elements("", "no", "~", "1", "1.5", "0x10", "a b", " a", "a\n", "a\nb\n\n", "\n", " x\ny", "a: b", "#", "é", "\t",
                "null", "- x", "\u2028", "2026-01-01", "a \nb", "|", "\"q\"", "x\r\ny"),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get.Where(c => !char.IsSurrogate(c)).ToArray())
                .Select(c => new string(c)));
        var scalar = Gen.OneOf<YamlNode>(
            text.Select(t => (YamlNode)new YamlScalar(t)),
            Gen.Choose(-1000, 1000).Select(n => (YamlNode)YamlScalar.Of(n)),
            Gen.Elements<YamlNode>(YamlScalar.True, YamlScalar.False));
        Gen<YamlNode> Node(int depth) => depth == 0
            ? scalar
            : Gen.OneOf(
                scalar, Node(depth - 1).ListOf().Select(l => (YamlNode)new YamlList(l.Take(4))), Map(text, Node(depth - 1)));
        return Map(text, Node(3)).Where(n => ((YamlMap)n).Count > 0);
    }

    private static Gen<YamlNode> Map(Gen<string> keys, Gen<YamlNode> values) =>
        keys.Zip(values).ListOf().Select(entries =>
        {
            var map = new YamlMap();
            foreach (var (key, value) in entries.Take(4))
            {
                map[key] = value;
            }

            return (YamlNode)map;
        });

    private static Gen<YamlMap> Objects()
    {
        var names = Gen.SubListOf("A", "B", "C", "D").SelectMany(n => Gen.Shuffle(n.ToArray()));
        var container = from env in names
                        from values in Gen.Choose(0, 2).ArrayOf(4)
                        from args in Gen.Elements("x", "y").ListOf()
                        select new YamlMap().Add("name", "main")
                            .Add("args", new YamlList(args.Select(a => new YamlScalar(a))))
                            .Add("env",
                                new YamlList(env.Select((n, i) => new YamlMap().Add("name", n).Add("value", $"{values[i]}"))));
        return from containers in container.ListOf(1)
               from replicas in Gen.Choose(0, 2)
               from labels in names
               select new YamlMap().Add("apiVersion", "apps/v1").Add("kind", "Deployment")
                   .Add("metadata", Labelled(labels))
                   .Add("spec", With(replicas, new YamlMap().Add(
                       "template", new YamlMap().Add("spec", new YamlMap().Add("containers", new YamlList(containers))))));
    }

    private static YamlMap Labelled(string[] labels)
    {
        var map = new YamlMap();
        foreach (var label in labels)
        {
            map.Add(label, "x");
        }

        return new YamlMap().Add("name", "a").Add("labels", map);
    }

    private static YamlMap With(int replicas, YamlMap spec) => replicas == 0
        ? spec
        : spec.Add("replicas", YamlScalar.Of(replicas));
}
