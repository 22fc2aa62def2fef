using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bootstrapper.Rendering.Stencils;

/// <summary>A part of a config, in bytes of UTF-8.</summary>
internal abstract record StencilPart
{
    /// <summary>In bytes.</summary>
    /// <param name="values">By number; those that are filled in are ASCII.</param>
    public abstract int LengthWith(IReadOnlyList<string?> values);

    /// <returns>How many bytes it wrote, which is <see cref="LengthWith"/>.</returns>
    public abstract int Write(IReadOnlyList<string?> values, Span<byte> to);
}

/// <summary>The same for all.</summary>
internal sealed record Literal(byte[] Bytes) : StencilPart
{
    public override int LengthWith(IReadOnlyList<string?> values) => Bytes.Length;

    public override int Write(IReadOnlyList<string?> values, Span<byte> to)
    {
        Bytes.CopyTo(to);
        return Bytes.Length;
    }
}

/// <summary>Where a value stands, without the end of its last line.</summary>
/// <param name="Indentation">Of its lines but the first.</param>
internal sealed record Hole(int Number, int Indentation) : StencilPart
{
    public override int LengthWith(IReadOnlyList<string?> values)
    {
        var text = TextIn(values);
        return text.Length + (Indentation == 0 ? 0 : text.Count('\n') * Indentation);
    }

    public override int Write(IReadOnlyList<string?> values, Span<byte> to)
    {
        var text = TextIn(values);
        var written = 0;
        for (int end; Indentation > 0 && (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            written += Encoding.ASCII.GetBytes(text[..(end + 1)], to[written..]);
            to.Slice(written, Indentation).Fill((byte)' ');
            written += Indentation;
        }

        return written + Encoding.ASCII.GetBytes(text, to[written..]);
    }

    private ReadOnlySpan<char> TextIn(IReadOnlyList<string?> values) => values[Number].AsSpan().TrimEnd('\n');
}

/// <summary>Written in base64.</summary>
internal sealed record Packed(IReadOnlyList<StencilPart> Parts) : StencilPart
{
    public override int LengthWith(IReadOnlyList<string?> values) =>
        Base64.GetMaxEncodedToUtf8Length(Parts.Sum(part => part.LengthWith(values)));

    public override int Write(IReadOnlyList<string?> values, Span<byte> to)
    {
        var plain = ArrayPool<byte>.Shared.Rent(Parts.Sum(part => part.LengthWith(values)));
        var length = 0;
        foreach (var part in Parts)
        {
            length += part.Write(values, plain.AsSpan(length));
        }

        Base64.EncodeToUtf8(plain.AsSpan(0, length), to, out _, out var written);
        ArrayPool<byte>.Shared.Return(plain, clearArray: true); // there may be a key in it
        return written;
    }
}
