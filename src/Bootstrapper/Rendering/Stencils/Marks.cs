using System.Globalization;

namespace Bootstrapper.Rendering.Stencils;

/// <summary>
/// What stands for each value that only one node has, while a stencil is cut: letters and digits, which nothing quotes or
/// escapes, in as many lines as the value.
/// </summary>
/// <param name="word">Small letters and digits that occur nowhere else, a letter first.</param>
internal sealed class Marks(string word)
{
    /// <summary>Behind the number: all there is, or the first or the last of two lines.</summary>
    public const char Whole = 'w', First = 'f', Last = 'l';

    private const int Digits = 4;

    public string Word => word;

    /// <summary>In characters.</summary>
    public int Length => word.Length + Digits + 1;

    /// <param name="number">Of the value, see <see cref="OwnValues"/>.</param>
    public string For(int number, string value) => ValueShapes.Of(value) switch
    {
        ValueShape.Lines => $"{One(number, First)}\n{One(number, Last)}\n",
        ValueShape.Line => $"{One(number, Whole)}\n",
        _ => One(number, Whole),
    };

    public string One(int number, char kind) => string.Create(CultureInfo.InvariantCulture, $"{word}{number:d4}{kind}");

    /// <summary>What a text has at some place where the word begins.</summary>
    /// <returns><c>null</c> where that is no mark, or cut off.</returns>
    public (int Number, char Kind)? At(ReadOnlySpan<char> text) =>
        text.Length >= Length && int.TryParse(
            text[word.Length..(Length - 1)], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, text[Length - 1])
            : null;
}
