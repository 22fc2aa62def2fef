using System.Globalization;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Values as Go's <c>%v</c> writes them (pkg.go.dev/fmt, "Printing").</summary>
internal static class TemplateText
{
    /// <summary>At the top, nothing is written as templates write it.</summary>
    public static string Of(object? value) => value is null ? "<no value>" : Inner(value);

    private static string Inner(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Number(number),
        IReadOnlyList<object?> list => $"[{string.Join(' ', list.Select(Inner))}]",
        RequestToCome => throw new RequestNeededException(),
        _ => $"map[{string.Join(' ', TemplateValue.Items(value, offset: 0).Select(item => $"{item.Key}:{Inner(item.Value)}"))}]",
    };

    /// <summary>
    /// The fewest digits that mean the same number; from a million on, and below a ten thousandth, with an exponent.
    /// </summary>
    public static string Number(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        var (digits, exponent) = Digits(Math.Abs(number));
        var sign = number < 0 ? "-" : "";
        return exponent is < -4 or >= 6
            ? $"{sign}{WithPoint(digits, 1)}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"
            : sign + (exponent < 0
                ? $"0.{new string('0', -exponent - 1)}{digits}"
                : WithPoint(digits.PadRight(exponent + 1, '0'), exponent + 1));
    }

    /// <summary>The digits that count, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Digits(double number)
    {
        var written = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture).Split('E')[0].Replace(
            ".", "", StringComparison.Ordinal);
        return (shortest.Trim('0'), int.Parse(
            written.AsSpan(written.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string WithPoint(string digits, int before) =>
        digits.Length == before ? digits : $"{digits[..before]}.{digits[before..]}";
}
