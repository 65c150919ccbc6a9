using Aspire.Hosting.Publishing;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random default.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>Least length in characters. Default 22, at least 128 bits when all classes are used.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether lower-case letters are used. Default true.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper-case letters are used. Default true.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits are used. Default true.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters are used. Default true.</summary>
    public bool Special { get; set; } = true;

    /// <summary>Least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>Least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>Least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>Least number of special characters.</summary>
    public int MinSpecial { get; set; }

    /// <summary>A new random value.</summary>
    public override string GetDefaultValue() => RandomText.Generate(this);

    /// <summary>Writes the rules, not a value.</summary>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        WriteFlag("lower", Lower);
        WriteFlag("upper", Upper);
        WriteFlag("numeric", Numeric);
        WriteFlag("special", Special);
        WriteCount("minLower", MinLower);
        WriteCount("minUpper", MinUpper);
        WriteCount("minNumeric", MinNumeric);
        WriteCount("minSpecial", MinSpecial);
        writer.WriteEndObject();

        // Only what differs from the defaults is written.
        void WriteFlag(string name, bool value)
        {
            if (!value)
            {
                writer.WriteBoolean(name, false);
            }
        }

        void WriteCount(string name, int value)
        {
            if (value > 0)
            {
                writer.WriteNumber(name, value);
            }
        }
    }
}
