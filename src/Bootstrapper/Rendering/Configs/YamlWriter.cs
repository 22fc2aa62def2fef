using System.Text;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// Writes block-style YAML: text of several lines as a literal block where it can be one, every other value in quotes.
/// </summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder _text = new();
    private int _indentation;
    private bool _beginsItem;

    /// <summary>Nothing where there is no value.</summary>
    public void Value(string key, string? value)
    {
        if (value is not null && IsBlock(value))
        {
            Block(key, value);
        }
        else if (value is not null)
        {
            Line($"{key}: {QuotedText.Of(value)}");
        }
    }

    /// <summary>Nothing for what is not so: all flags are off by default.</summary>
    public void Flag(string key, bool value)
    {
        if (value)
        {
            Line($"{key}: true");
        }
    }

    public void Values(string key, IReadOnlyList<string> values) => Items(key, values, value => Line(QuotedText.Of(value)));

    /// <summary>A list, or nothing where it would be empty.</summary>
    public void Items<T>(string key, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        Line($"{key}:");
        _indentation += 4;
        foreach (var item in items)
        {
            _beginsItem = true;
            write(item);
        }

        _indentation -= 4;
    }

    public void Section(string key, Action write)
    {
        Line($"{key}:");
        _indentation += 2;
        write();
        _indentation -= 2;
    }

    public override string ToString() => _text.ToString();

    private void Line(string line)
    {
        if (_beginsItem)
        {
            _text.Append(' ', _indentation - 2).Append("- ");
        }
        else
        {
            _text.Append(' ', _indentation);
        }

        _text.Append(line).Append('\n');
        _beginsItem = false;
    }

    private void Block(string key, string value)
    {
        Line(value.EndsWith('\n') ? $"{key}: |" : $"{key}: |-");
        foreach (var line in value.AsSpan(0, value.EndsWith('\n') ? value.Length - 1 : value.Length).EnumerateLines())
        {
            _text.Append(' ', line.IsEmpty ? 0 : _indentation + 2).Append(line).Append('\n');
        }
    }

    /// <summary>
    /// More than one line, without what a reader may take for indentation or the end of a line. What ends in an empty line
    /// would need <c>|+</c>, which takes what follows it for a part of itself.
    /// </summary>
    private static bool IsBlock(string value) =>
        value.AsSpan(0, Math.Max(0, value.Length - 1)).Contains('\n')
            && value[0] is not (' ' or '\t' or '\n') && !EndsBlank(value) && IsPlain(value);

    private static bool EndsBlank(string value) =>
        value.EndsWith("\n\n", StringComparison.Ordinal) || value[value.TrimEnd('\n').LastIndexOf('\n')..].Trim().Length == 0;

    private static bool IsPlain(string value)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            if (!QuotedText.IsPlain(rune) && rune.Value is not ('\n' or '\t'))
            {
                return false;
            }
        }

        return true;
    }
}
