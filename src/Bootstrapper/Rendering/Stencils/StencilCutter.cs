using System.Buffers;
using System.Text;

namespace Bootstrapper.Rendering.Stencils;

/// <summary>Finds marks in a config, also where it has files in base64.</summary>
internal static class StencilCutter
{
    private const string Packing = "data:;base64,";

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <returns><c>null</c> where a mark is cut, changed or written in another way than we know.</returns>
    public static IReadOnlyList<StencilPart>? Parts(string text, Marks marks)
    {
        var (parts, begin) = (new List<StencilPart>(), 0);
        for (var at = 0; NextIn(text, at, marks) is var (found, isMark) && found >= 0;)
        {
            if (isMark)
            {
                if (HoleAt(text.AsSpan(found), marks) is not var (hole, length))
                {
                    return null;
                }

                parts.AddRange([LiteralOf(text[begin..found]), hole]);
                begin = at = found + length;
            }
            else
            {
                var content = text.AsSpan(found + Packing.Length);
                content = content[..(content.IndexOfAnyExcept(Base64) is >= 0 and var end ? end : content.Length)];
                at = found + Packing.Length + content.Length;
                if (Unpacked(content.ToString()) is { } plain && plain.Contains(marks.Word, StringComparison.Ordinal))
                {
                    if (Parts(plain, marks) is not { } inner)
                    {
                        return null;
                    }

                    parts.AddRange([LiteralOf(text[begin..(found + Packing.Length)]), new Packed(inner)]);
                    begin = at;
                }
            }
        }

        parts.Add(LiteralOf(text[begin..]));
        return HaveNoneLeft(parts, marks) ? parts : null;
    }

    private static (int At, bool IsMark) NextIn(string text, int from, Marks marks)
    {
        var (mark, packing) = (text.IndexOf(marks.Word, from, StringComparison.Ordinal),
            text.IndexOf(Packing, from, StringComparison.Ordinal));
        return mark < 0 || (packing >= 0 && packing < mark) ? (packing, false) : (mark, true);
    }

    private static (Hole Hole, int Length)? HoleAt(ReadOnlySpan<char> text, Marks marks)
    {
        if (marks.At(text) is not var (number, kind) || kind is not (Marks.Whole or Marks.First))
        {
            return null;
        }

        if (kind == Marks.Whole)
        {
            return (new Hole(number, Indentation: 0), marks.Length);
        }

        var rest = text[marks.Length..];
        var second = rest is ['\n', ..] ? rest[1..].TrimStart(' ') : [];
        var between = rest.Length - second.Length;
        return second.StartsWith(marks.One(number, Marks.Last), StringComparison.Ordinal)
            ? (new Hole(number, between - 1), marks.Length + between + marks.Length)
            : null;
    }

    private static string? Unpacked(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static bool HaveNoneLeft(IEnumerable<StencilPart> parts, Marks marks) => !parts.OfType<Literal>().Any(part =>
        Encoding.UTF8.GetString(part.Bytes).Contains(marks.Word, StringComparison.OrdinalIgnoreCase));

    private static Literal LiteralOf(string text) => new(Encoding.UTF8.GetBytes(text));
}
