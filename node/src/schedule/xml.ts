/** The XML library, named here statically: a bundle gives a dynamic import of it no named exports. */
export { convert, create } from 'xmlbuilder2';
