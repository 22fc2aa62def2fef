using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>Paths, modes, owners and contents of files.</summary>
internal static class FileSyntax
{
    /// <summary>Linux' NAME_MAX, in bytes.</summary>
    private const int LongestName = 255;

    private const string Account = "(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}|[0-9]{1,9})";

    /// <summary>Read without slashes that say nothing, as coreos-cloudinit does (Go, path.Join).</summary>
    public static readonly Syntax<string> Path = Converted(Pattern.Of(
        "an absolute path without . and .. in it", @"(?:/+(?!\.{1,2}(?:/|\z))[^/\x00-\x1f\x7f\u2028\u2029]+)+/*", longest: 4095),
        path => $"/{string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries))}") with
    {
        Objection = path => path.Split('/').Any(name => System.Text.Encoding.UTF8.GetByteCount(name) > LongestName)
            ? $"has a name in it that is longer than a file system takes: expected {LongestName} bytes at most"
            : null,
    };

    /// <summary>Neither coreos-cloudinit nor Ignition 3.3 sets more than the permission bits.</summary>
    public static readonly Syntax<int> Mode = Converted(
        Pattern.Of("permission bits in octal, from 0000 to 0777", "0?[0-7]{3}"), text => Convert.ToInt32(text, fromBase: 8));

    public static readonly Syntax<FileOwner> Owner =
        Converted(Pattern.Of("a user, or user:group", $"{Account}(?::{Account})?"), ReadOwner);

    public static readonly Syntax<ContentEncoding> Encoding = Choice.Of(
        [
            ("base64", ContentEncoding.Base64), ("b64", ContentEncoding.Base64),
            ("gzip+base64", ContentEncoding.GzipBase64), ("gz+base64", ContentEncoding.GzipBase64),
            ("gzip+b64", ContentEncoding.GzipBase64), ("gz+b64", ContentEncoding.GzipBase64),
            ("gzip", ContentEncoding.Gzip), ("gz", ContentEncoding.Gzip),
        ]);

    public static readonly Syntax<string> Content = new(
        "text",
        (string text, [MaybeNullWhen(false)] out string value) => (value = text) is not null,
        new JsonObject { ["type"] = "string" });

    private static FileOwner ReadOwner(string text) =>
        text.Split(':') is [var user, var group] ? new FileOwner(user, group) : new FileOwner(text, Group: null);

    private static Syntax<T> Converted<T>(Syntax<string> text, Func<string, T> convert) => new(
        text.Noun,
        (string written, [MaybeNullWhen(false)] out T value) =>
        {
            var isSound = text.TryRead(written, out var sound);
            value = isSound ? convert(sound!) : default;
            return isSound;
        },
        text.Schema);
}
