using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// An SSH public key as it stands in base64 (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4; openssh's PROTOCOL.u2f): its kind again,
/// then the numbers that the kind has, each with its length in four bytes before it.
/// </summary>
internal static class SshPublicKey
{
    /// <summary>In bits; sshd takes no less (ssh_config(5), RequiredRSASize) and no more (openssh's sshbuf.h).</summary>
    private const int ShortestModulus = 1024, LongestModulus = 16384;

    private const int Ed25519Length = 32;

    private const string Ecdsa = "ecdsa-sha2-", SecurityKeyEcdsa = "sk-ecdsa-sha2-nistp256@openssh.com";

    private static readonly Dictionary<string, ECCurve> Curves = new(StringComparer.Ordinal)
    {
        ["nistp256"] = ECCurve.NamedCurves.nistP256,
        ["nistp384"] = ECCurve.NamedCurves.nistP384,
        ["nistp521"] = ECCurve.NamedCurves.nistP521,
    };

    public static IReadOnlyList<string> Kinds { get; } =
    [
        "ssh-ed25519", "ssh-rsa", "ssh-dss", .. Curves.Keys.Select(curve => Ecdsa + curve), "sk-ssh-ed25519@openssh.com",
        SecurityKeyEcdsa,
    ];

    public static bool IsKind(string word) => Kinds.Contains(word, StringComparer.Ordinal);

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <returns>Why sshd does not take it; <c>null</c> when it does.</returns>
    public static string? Objection(string kind, string base64)
    {
        var blob = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, blob, out var length))
        {
            return "is cut off, or has a letter too many: what follows its kind is not base64";
        }

        var fields = new Fields(blob.AsSpan(0, length));
        if (!fields.TryNext(out var inside))
        {
            return CutOff;
        }

        return Encoding.ASCII.GetString(inside) is var name && name != kind
            ? $"says {kind}, but the key in it is of the kind {Printable.Escaped(name)}"
            : ObjectionToNumbers(kind, ref fields) ?? (fields.IsAtEnd ? null : "has something behind the key");
    }

    private const string CutOff = "is cut off: copy the whole line";

    private static string? ObjectionToNumbers(string kind, ref Fields fields) => kind switch
    {
        "ssh-ed25519" => ObjectionToEd25519(ref fields),
        "sk-ssh-ed25519@openssh.com" => ObjectionToEd25519(ref fields) ?? ObjectionToApplication(ref fields),
        "ssh-rsa" => ObjectionToRsa(ref fields),
        "ssh-dss" => "is a DSA key, which sshd refuses since OpenSSH 7.0: make an ed25519 key",
        SecurityKeyEcdsa => ObjectionToPoint("nistp256", ref fields) ?? ObjectionToApplication(ref fields),
        _ => ObjectionToPoint(kind[Ecdsa.Length..], ref fields),
    };

    private static string? ObjectionToEd25519(ref Fields fields) =>
        !fields.TryNext(out var point) ? CutOff
        : point.Length != Ed25519Length ? $"has a key of {point.Length} bytes, expected {Ed25519Length}"
        : null;

    /// <summary>What the authenticator knows the key by, such as <c>ssh:</c>.</summary>
    private static string? ObjectionToApplication(ref Fields fields) => fields.TryNext(out _) ? null : CutOff;

    private static string? ObjectionToRsa(ref Fields fields)
    {
        if (!fields.TryNext(out var exponent) || !fields.TryNext(out var modulus))
        {
            return CutOff;
        }

        var bits = BitsOf(modulus);
        return BitsOf(exponent) is null or < 2 || bits is null ? "has a number that does not fit an RSA key"
            : bits is < ShortestModulus or > LongestModulus
                ? $"is an RSA key of {bits} bits, expected {ShortestModulus} to {LongestModulus}"
            : null;
    }

    /// <returns><c>null</c> for a negative number.</returns>
    private static int? BitsOf(ReadOnlySpan<byte> number)
    {
        var digits = number.TrimStart((byte)0);
        return number is [>= 0x80, ..] ? null
            : digits.IsEmpty ? 0
            : (digits.Length * 8) - (byte.LeadingZeroCount(digits[0]));
    }

    private static string? ObjectionToPoint(string curve, ref Fields fields) =>
        !fields.TryNext(out var name) || !fields.TryNext(out var point) ? CutOff
        : Encoding.ASCII.GetString(name) is var inside && inside != curve
            ? $"says {curve}, but the key in it is on the curve {Printable.Escaped(inside)}"
        : IsOn(Curves[curve], point) ? null
        : $"has a point that is not on the curve {curve}";

    /// <param name="point">Uncompressed (SEC 1, 2.3.3): 4, and two numbers of the same length.</param>
    private static bool IsOn(ECCurve curve, ReadOnlySpan<byte> point)
    {
        try
        {
            using var key = ECDsa.Create(curve);
            var length = (key.KeySize + 7) / 8;
            if (point is not [4, ..] || point.Length != 1 + (2 * length))
            {
                return false;
            }

            key.ImportParameters(new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = point[1..(1 + length)].ToArray(), Y = point[(1 + length)..].ToArray() },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Strings one after the other, each with its length before it (RFC 4251, 5).</summary>
    private ref struct Fields(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool TryNext(out ReadOnlySpan<byte> field)
        {
            field = default;
            if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out var length) || length > _rest.Length - sizeof(uint))
            {
                return false;
            }

            field = _rest.Slice(sizeof(uint), (int)length);
            _rest = _rest[(sizeof(uint) + (int)length)..];
            return true;
        }
    }
}
