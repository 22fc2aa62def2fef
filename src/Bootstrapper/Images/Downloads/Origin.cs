using System.Net.Http.Headers;

namespace Bootstrapper.Images.Downloads;

/// <summary>Which file of which server the bytes are of, so that a later attempt does not put two files together.</summary>
/// <param name="Validator">A strong entity tag in its quotes, or the time of the last change (RFC 9110, 13.1.5).</param>
internal sealed record Origin(Uri Url, string Validator)
{
    /// <returns><c>null</c> where the server gives nothing to know the file by: such a download cannot be resumed.</returns>
    public static Origin? Of(Uri url, HttpResponseMessage response) => response switch
    {
        { Headers.ETag: { IsWeak: false } tag } => new Origin(url, tag.Tag),
        { Content.Headers.LastModified: { } changed } => new Origin(url, changed.ToString("R")),
        _ => null,
    };

    public RangeConditionHeaderValue Condition => RangeConditionHeaderValue.Parse(Validator);

    /// <summary>What <see cref="Parse"/> reads: two lines.</summary>
    public override string ToString() => $"{Url}\n{Validator}\n";

    public static Origin? Parse(string text) => text.Split('\n') switch
    {
        [var url, var validator, ..] when Uri.TryCreate(url, UriKind.Absolute, out var from)
            && RangeConditionHeaderValue.TryParse(validator, out _) => new Origin(from, validator),
        _ => null,
    };
}
