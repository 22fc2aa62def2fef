using System.Text;
using Bootstrapper.Host;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Several values in one text.</summary>
internal static class TemplateFormat
{
    /// <summary>With a space between two of which neither is text.</summary>
    public static string Print(object?[] values)
    {
        var text = new StringBuilder();
        foreach (var (index, value) in values.Index())
        {
            text.Append(index > 0 && value is not string && values[index - 1] is not string ? " " : "")
                .Append(TemplateText.Of(value));
        }

        return text.ToString();
    }

    /// <summary>The verbs <c>%s %v %d %t %q %%</c>, without widths.</summary>
    /// <exception cref="TemplateFault">There is another verb, or too few or too many values.</exception>
    public static object Format(object?[] values, int at)
    {
        if (values is not [string format, .. var rest])
        {
            throw new TemplateFault(at, "printf needs a format first");
        }

        var text = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            text.Append(format[i] != '%' ? format[i].ToString()
                : ++i < format.Length && format[i] == '%' ? "%"
                : used < rest.Length ? Verb(i < format.Length ? format[i] : ' ', rest[used++], at)
                : throw new TemplateFault(at, "printf has fewer values than its format names"));
        }

        return used == rest.Length
            ? text.ToString()
            : throw new TemplateFault(at, "printf has more values than its format names");
    }

    private static string Verb(char verb, object? value, int at) => verb switch
    {
        's' or 'v' or 't' => TemplateText.Of(value),
        'd' when value is double number && double.IsInteger(number) =>
            number.ToString("F0", System.Globalization.CultureInfo.InvariantCulture),
        'q' => QuotedText.Of(TemplateText.Of(value)),
        _ => throw new TemplateFault(at, $"printf cannot write {TemplateValue.Kind(value)} as "
            + $"%{Printable.Escaped(verb.ToString())} here"),
    };
}
