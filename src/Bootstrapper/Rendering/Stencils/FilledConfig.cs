using System.Text;

namespace Bootstrapper.Rendering.Stencils;

/// <summary>A node's config, ready to be sent: it is put together where it is written to.</summary>
internal sealed class FilledConfig(IReadOnlyList<StencilPart> parts, IReadOnlyList<string?> values)
{
    /// <summary>In bytes.</summary>
    public int Length { get; } = parts.Sum(part => part.LengthWith(values));

    public static FilledConfig Of(string text) => new([new Literal(Encoding.UTF8.GetBytes(text))], []);

    /// <param name="to">Has room for <see cref="Length"/>.</param>
    public void WriteTo(Span<byte> to)
    {
        foreach (var part in parts)
        {
            to = to[part.Write(values, to)..];
        }
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }
}
