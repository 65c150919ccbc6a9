namespace MonoRepo.Deploy.Yaml;

/// <summary>What a scalar is to a reader of YAML; a string that looks like a number stays a string.</summary>
internal enum YamlScalarKind
{
    /// <summary>Text, quoted where it would read as something else.</summary>
    String,

    /// <summary>An integer or a decimal number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>; in a patch: remove the field.</summary>
    Null,
}

/// <summary>A single value.</summary>
internal sealed class YamlScalar(string text, YamlScalarKind kind = YamlScalarKind.String) : YamlNode
{
    /// <summary><c>null</c>.</summary>
    public static readonly YamlScalar Null = new("null", YamlScalarKind.Null);

    /// <summary><c>true</c>.</summary>
    public static readonly YamlScalar True = new("true", YamlScalarKind.Boolean);

    /// <summary><c>false</c>.</summary>
    public static readonly YamlScalar False = new("false", YamlScalarKind.Boolean);

    /// <summary>The value, without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Its type.</summary>
    public YamlScalarKind Kind { get; } = kind;

    /// <summary>A whole number.</summary>
    public static YamlScalar Of(long value) =>
        new(value.ToString(System.Globalization.CultureInfo.InvariantCulture), YamlScalarKind.Number);

    public override YamlNode Clone() => this;

    public override string ToString() => Text;
}
