using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MonoRepo.Deploy.Yaml;

/// <summary>Reads YAML: published files, people's patches and pins, kubeconfigs, operators' manifests.</summary>
internal static class YamlReader
{
    /// <summary>All documents of a text; empty ones are left out.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static IReadOnlyList<YamlNode> ReadAll(string text)
    {
        var parser = new Parser(new StringReader(text));
        var documents = new List<YamlNode>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            var node = Node(parser, []);
            if (node is not YamlScalar { Kind: YamlScalarKind.Null })
            {
                documents.Add(node);
            }

            parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    /// <summary>All documents of a text that people may have written.</summary>
    /// <exception cref="DeployException">It isn't YAML; the message begins with <paramref name="place"/>.</exception>
    public static IReadOnlyList<YamlNode> ReadAll(string text, string place, string fix = "")
    {
        try
        {
            return ReadAll(text);
        }
        catch (YamlException exception)
        {
            throw new DeployException($"{place} isn't valid YAML: {exception.Message}{fix}");
        }
    }

    private static YamlNode Node(IParser parser, Dictionary<AnchorName, YamlNode> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors[alias.Value].Clone();
        }

        var anchor = ((NodeEvent)parser.Current!).Anchor;
        YamlNode node = parser.Current switch
        {
            MappingStart => Map(parser, anchors),
            SequenceStart => List(parser, anchors),
            _ => Scalar(parser.Consume<Scalar>()),
        };
        if (!anchor.IsEmpty)
        {
            anchors[anchor] = node;
        }

        return node;
    }

    private static YamlMap Map(IParser parser, Dictionary<AnchorName, YamlNode> anchors)
    {
        var map = new YamlMap();
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            map[key] = Node(parser, anchors);
        }

        return map;
    }

    private static YamlList List(IParser parser, Dictionary<AnchorName, YamlNode> anchors)
    {
        var list = new YamlList();
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(Node(parser, anchors));
        }

        return list;
    }

    private static YamlScalar Scalar(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
        {
            return new(scalar.Value);
        }

        return scalar.Value switch
        {
            "" or "null" or "~" or "Null" or "NULL" => YamlScalar.Null,
            "true" or "True" or "TRUE" => YamlScalar.True,
            "false" or "False" or "FALSE" => YamlScalar.False,
            var text when IsNumber(text) => new(text, YamlScalarKind.Number),
            var text => new(text),
        };
    }

    private static bool IsNumber(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
        && double.TryParse(
            text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);
}
