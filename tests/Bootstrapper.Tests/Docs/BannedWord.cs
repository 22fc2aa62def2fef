using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Docs;

/// <summary>Words that leave the program no longer, with what to write instead: the other side of docs/glossary.md.</summary>
/// <param name="Pattern">A regular expression; case does not matter.</param>
/// <param name="Instead">What to write.</param>
/// <param name="Example">Text in which it stands.</param>
internal sealed record BannedWord(string Pattern, string Instead, string Example)
{
    public static readonly IReadOnlyList<BannedWord> All =
    [
        new(@"\b(gets?|got|getting) on\b", "healthy, or stuck", "why it does not get on"),
        new(@"\bin circles\b", "stuck, or waiting", "it goes round in circles"),
        new(@"\bnobody\b", "no node, no user, unknown", "a file that is served to nobody"),
        new(@"\blet(s|ting)?( \w+){0,2} go\b", "remove, release", "to let foreign data go"),
        new(@"\b(take|takes|taken|taking|took)( \w+)? away\b", "remove", "an empty value takes it away"),
        new(@"\btakes an? (admin|operator|viewer)\b", "requires the admin role", "with wipe it takes an admin"),
        new(@"\b(has|have|had) got\b", "has", "it has got an address"),
        new(@"\b(be|been) had\b", "available, downloaded", "a release is not to be had"),
        new(@"\bmend(s|ed|ing)?\b", "fix", "mend the cause"),
        new(@"\bin vain\b", "failed", "looked for it in vain"),
        new(@"\bfor ever\b", "without limit", "kept for ever"),
        new(@"(?<!there )\b(is|are) no (?!longer\b|more\b)[a-z]", "is not a", "this is no bundle"),
        new(@"\banew\b", "again", "installed anew"),
        new(@"\bbeliev(e|es|ed|ing)\b", "trust", "the root is still believed"),
        new(@"\bon record\b", "recorded", "it is put on record"),
        new(@"\bamiss\b", "wrong", "nothing is amiss"),
        new(@"\b(not|not been) well\b", "not healthy", "its kubelet has not been well"),
        new(@"\bsomebody else's data\b", "foreign data", "a disk with somebody else's data"),
        new(@"\bdata that we did not write\b", "foreign data", "it holds data that we did not write"),
        new(@"\bboot program\b", "boot loader", "it has loaded no boot program"),
        new(@"\bhonou?red\b", "used", "proxies are honoured"),
        new(@"\bas ever\b", "as before", "machines pull as ever"),
        new("\"Refused ", "Denied", "Message = \"Refused {Path} to {Asker}\""),
    ];

    private readonly Regex _regex = new(
        Pattern, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    public bool IsIn(string line) => _regex.IsMatch(line);
}
