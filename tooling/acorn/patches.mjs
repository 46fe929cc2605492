// Places in acorn's source, and what stands there instead: from here, code is reached that plain has no use for.

/** Each stands in the source exactly once. */
export const patches = /** @type {const} */ ([
  ["this.options = options = getOptions(options);", ""],
  // A regular expression that is not valid cannot be in a function.
  [
    `var state = this.regexpState || (this.regexpState = new RegExpValidationState(this));
  state.reset(start, pattern, flags);
  this.validateRegExpFlags(state);
  this.validateRegExpPattern(state);`,
    "",
  ],
  ["this.regexpState = null;", ""],
  [
    "for (var i = 0, list = [9, 10, 11, 12, 13, 14]; i < list.length; i += 1) {\n  var ecmaVersion = list[i];\n\n  buildUnicodeData(ecmaVersion);\n}",
    "",
  ],
  // No module is parsed, only functions in one.
  [
    "return starttype === types$1._import ? this.parseImport(node) : this.parseExport(node, exports$1)",
    "this.unexpected();",
  ],
  // Whether it is an error is all that counts.
  [
    `var loc = getLineInfo(this.input, pos);
  message += " (" + loc.line + ":" + loc.column + ")";
  if (this.sourceFile) {
    message += " in " + this.sourceFile;
  }
  var err = new SyntaxError(message);
  err.pos = pos; err.loc = loc; err.raisedAt = this.pos;
  throw err`,
    "throw new SyntaxError();",
  ],
  // The engine's own tables say what it accepts.
  [
    `if (code <= 0xffff) { return code >= 0xaa && nonASCIIidentifierStart.test(String.fromCharCode(code)) }
  if (astral === false) { return false }
  return isInAstralSet(code, astralIdentifierStartCodes)`,
    String.raw`return code > 127 && /\p{ID_Start}/u.test(String.fromCodePoint(code))`,
  ],
  [
    `if (code <= 0xffff) { return code >= 0xaa && nonASCIIidentifier.test(String.fromCharCode(code)) }
  if (astral === false) { return false }
  return isInAstralSet(code, astralIdentifierStartCodes) || isInAstralSet(code, astralIdentifierCodes)`,
    String.raw`return code > 127 && /[\p{ID_Continue}\u200c\u200d]/u.test(String.fromCodePoint(code))`,
  ],
  // Nobody walks over tokens.
  ["this.options.onToken(new Token(this));", ""],
  [
    `if (typeof Symbol !== "undefined")
  { pp[Symbol.iterator] = function() {
    var this$1$1 = this;

    return {
      next: function () {
        var token = this$1$1.getToken();
        return {
          done: token.type === types$1.eof,
          value: token
        }
      }
    }
  }; }`,
    "",
  ],
]);
